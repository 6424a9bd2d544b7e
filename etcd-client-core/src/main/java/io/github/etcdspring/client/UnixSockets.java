/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of unix domain sockets, in the class that the transport on the class path
 * has for them. This client is not compiled against any transport, so the transport's own
 * resolver of {@code unix} targets makes them.
 */
final class UnixSockets {

	private UnixSockets() {
	}

	/** Returns the classes of such addresses: none that is supported if there is none. */
	static Collection<Class<? extends SocketAddress>> addressTypes() {
		NameResolverProvider provider = provider();
		return (provider != null) ? provider.getProducedSocketAddressTypes() : List.of(NoUnixSockets.class);
	}

	private static @Nullable NameResolverProvider provider() {
		return NameResolverRegistry.getDefaultRegistry().getProviderForScheme("unix");
	}

	/**
	 * Returns the addresses of a socket.
	 * @param args what the channel gives to resolvers
	 */
	static List<SocketAddress> addresses(UnixEndpoint endpoint, NameResolver.Args args) {
		NameResolverProvider provider = Objects.requireNonNull(provider(), "a resolver of unix sockets");
		AtomicReference<List<EquivalentAddressGroup>> found = new AtomicReference<>(List.of());
		NameResolver resolver = provider.newNameResolver(target(endpoint), args);
		resolver.start(new NameResolver.Listener2() {

			@Override
			public void onResult(NameResolver.ResolutionResult result) {
				found.set(result.getAddressesOrError().getValue());
			}

			@Override
			public void onError(Status error) {
				// there is nothing to look up that could fail
			}

		});
		resolver.shutdown();
		return found.get().stream().flatMap((group) -> group.getAddresses().stream()).toList();
	}

	private static URI target(UnixEndpoint endpoint) {
		try {
			return new URI("unix", null, Path.of(endpoint.path()).toAbsolutePath().toString(), null);
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException("no URI can be made of " + endpoint, ex);
		}
	}

	/** A kind of address that no transport supports. */
	private abstract static class NoUnixSockets extends SocketAddress {

		private static final long serialVersionUID = 1L;

	}

}
