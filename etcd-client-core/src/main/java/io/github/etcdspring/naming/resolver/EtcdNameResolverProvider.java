/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.naming.Naming;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import org.jspecify.annotations.Nullable;

/**
 * Makes channels find the endpoints of a service in etcd: those of
 * {@code etcd:///service} are the entries of {@link Naming} under {@code service}, as
 * with Go's {@code naming/resolver}. A channel is told of entries as they come and go;
 * while etcd cannot be reached it keeps those last known, also over a time in which it
 * was idle; without any it fails calls with {@code UNAVAILABLE}, and also when the first
 * read takes longer than 10 s. Hosts with names are looked up side by side, at most eight
 * at a time on the channel's offload executor; one that cannot be found, or takes long,
 * is left out until it is. One of the hooks of this library where types of gRPC are
 * public, for who uses grpc-java anyway.
 * <p>
 * Register it once, and before the first channel of its kind is made:
 * {@code NameResolverRegistry.getDefaultRegistry().register(provider)}. A registry has
 * one provider for a scheme, so that one client serves all channels of it. Thread-safe.
 * <p>
 * Not guaranteed: that anybody is at an address; that calls fail when the last entry is
 * gone, since {@code round_robin} of gRPC goes on with connections that stand. TLS is
 * verified against the service's name, or the channel's {@code overrideAuthority}, never
 * against what an entry says: whoever may write entries may not say whom to trust.
 */
public final class EtcdNameResolverProvider extends NameResolverProvider {

	private static final String SCHEME = "etcd";

	private final EtcdClient client;

	private final Shared shared;

	/**
	 * Creates a provider. Asks nothing of etcd.
	 * @param client where the services are; must be closed after the channels
	 */
	public EtcdNameResolverProvider(EtcdClient client) {
		this(client, HostLookup.SYSTEM);
	}

	EtcdNameResolverProvider(EtcdClient client, HostLookup lookup) {
		this.client = Objects.requireNonNull(client, "client");
		this.shared = Shared.of(lookup);
	}

	/**
	 * Returns a resolver of a target. It asks etcd when the channel starts it, and ends
	 * its watch when the channel shuts it down.
	 * @param target such as {@code etcd:///service}; the service may contain {@code /}.
	 * As in Go, a host in it means nothing
	 * @param args the channel's
	 * @return the resolver; {@code null} if the scheme is another
	 * @throws IllegalArgumentException if the target names no service
	 */
	@Override
	public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
		if (!SCHEME.equals(target.getScheme())) {
			return null;
		}
		Naming naming = Naming.of(this.client, service(target));
		return new EtcdNameResolver(naming, this.shared, args);
	}

	private static String service(URI target) {
		String path = target.isOpaque() ? target.getSchemeSpecificPart() : target.getPath();
		String service = (path != null && path.startsWith("/")) ? path.substring(1) : path;
		if (service == null || service.isEmpty()) {
			throw new IllegalArgumentException("target: " + target + " (expected: such as etcd:///service)");
		}
		return service;
	}

	/**
	 * Returns the scheme of the targets.
	 * @return {@code etcd}
	 */
	@Override
	public String getDefaultScheme() {
		return SCHEME;
	}

	/**
	 * Returns what kind of addresses there are.
	 * @return {@link InetSocketAddress}
	 */
	@Override
	public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
		return Set.of(InetSocketAddress.class);
	}

	/** Always. */
	@Override
	protected boolean isAvailable() {
		return true;
	}

	/** That of most providers. */
	@Override
	protected int priority() {
		return 5;
	}

}
