/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.TlsChannelCredentials;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the channels of one client are secured: in plaintext, or by TLS with certificates
 * that are looked at for each new connection. Thread-safe.
 */
final class ChannelSecurity {

	private static final Logger logger = LoggerFactory.getLogger(ChannelSecurity.class);

	private final ChannelCredentials credentials;

	private final @Nullable String serverName;

	private ChannelSecurity(ChannelCredentials credentials, @Nullable String serverName) {
		this.credentials = credentials;
		this.serverName = serverName;
	}

	/**
	 * Reads the certificates of a client.
	 * @throws InvalidTlsException if they have become invalid since the options were made
	 */
	static ChannelSecurity of(EtcdClientOptions options) {
		if (!options.parsedEndpoints().get(0).tls()) {
			return new ChannelSecurity(InsecureChannelCredentials.create(), null);
		}
		TlsOptions tls = options.tls().orElseGet(() -> TlsOptions.builder().build());
		TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder()
			.trustManager(new ServerTrust(new TlsMaterial<>(tls.trust()), tls.minimumProtocol()));
		KeySource key = tls.key();
		if (key != null) {
			warnOfOpenFiles(key, Objects.requireNonNullElse(options.warnings(), logger::warn));
			credentials.keyManager(new ClientIdentity(new TlsMaterial<>(key)));
		}
		return new ChannelSecurity(credentials.build(), tls.serverName().orElse(null));
	}

	private static void warnOfOpenFiles(KeySource key, Consumer<String> warnings) {
		for (Path file : key.secretFiles()) {
			if (TlsFiles.isReadableByAll(file)) {
				warnings.accept("the private key in " + file
						+ " can be read by every user of this machine; take the permission from others");
			}
		}
	}

	ChannelCredentials credentials() {
		return this.credentials;
	}

	/** Sets what else a channel needs to be as secure as its credentials. */
	<B extends ManagedChannelBuilder<B>> B secure(ManagedChannelBuilder<B> channel) {
		if (this.serverName != null) {
			// in the place of every endpoint's own
			channel.overrideAuthority(this.serverName);
		}
		return channel.addTransportFilter(new FreshHandshakes());
	}

}
