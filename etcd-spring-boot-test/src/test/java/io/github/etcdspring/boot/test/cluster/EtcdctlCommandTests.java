/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdctlCommandTests {

	@Test
	void putsConnectionBeforeArguments() {
		EtcdctlCommand command = new EtcdctlCommand(List.of("get", "a"));

		assertThat(command.line("/bin/etcdctl", List.of("--endpoints=http://127.0.0.1:1", "--cacert=ca.pem")))
			.containsExactly("/bin/etcdctl", "--endpoints=http://127.0.0.1:1", "--cacert=ca.pem", "get", "a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--endpoints=b get --user me", "get --endpoints b --user=me" })
	void leavesOutWhatArgumentsOverride(String arguments) {
		List<String> given = List.of(arguments.split(" "));

		assertThat(new EtcdctlCommand(given).line("etcdctl",
				List.of("--endpoints=a", "--cacert=ca.pem", "--user=root:secret")))
			.startsWith("etcdctl", "--cacert=ca.pem")
			.endsWith(given.toArray(String[]::new))
			.hasSize(2 + given.size());
	}

	@ParameterizedTest
	@CsvSource({ "get a, etcdctl get a", "--user root:secret get a, etcdctl --user root:*** get a",
			"--user=root:secret get a, etcdctl --user=root:*** get a",
			"--user root --password secret get a, etcdctl --user root --password=*** get a",
			"--password=secret get a, etcdctl --password=*** get a", "user add me:secret, etcdctl user add me:***",
			"user add me --new-user-password secret, etcdctl user add me --new-user-password=***",
			"get a:b, etcdctl get a:b" })
	void hidesPasswordsWhenShown(String arguments, String shown) {
		assertThat(new EtcdctlCommand(List.of(arguments.split(" ")))).hasToString(shown);
	}

}
