/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.util.List;
import java.util.stream.Stream;

import io.github.etcdspring.it.contract.ContractServer.Kind;
import io.github.etcdspring.it.contract.ContractServer.Transport;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * The servers of the contract: by default a few that differ in everything; all 24 with
 * {@code -Dcontract.servers=all}. JUnit closes those that were started after the last
 * class.
 */
final class ContractServers implements ArgumentsProvider {

	private static final List<Kind> SOME = List.of(new Kind("3.4", 1, Transport.PLAINTEXT, false),
			new Kind("3.4", 3, Transport.MUTUAL_TLS, true), new Kind("3.5", 3, Transport.TLS, false),
			new Kind("3.5", 1, Transport.PLAINTEXT, true));

	@Override
	public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
		Store store = context.getRoot().getStore(Namespace.create(ContractServers.class));
		List<Kind> kinds = "all".equals(System.getProperty("contract.servers")) ? all() : SOME;
		return kinds.stream()
			.map((kind) -> store.computeIfAbsent(kind, ContractServer::start, ContractServer.class))
			.map(Arguments::of);
	}

	private static List<Kind> all() {
		return Stream.of("3.4", "3.5")
			.flatMap((version) -> Stream.of(1, 3)
				.flatMap((members) -> Stream.of(Transport.values())
					.flatMap((transport) -> Stream.of(false, true)
						.map((auth) -> new Kind(version, members, transport, auth)))))
			.toList();
	}

}
