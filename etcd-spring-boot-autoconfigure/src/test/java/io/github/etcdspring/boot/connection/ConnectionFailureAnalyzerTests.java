/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.InvalidEndpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ConnectionFailureAnalyzerTests {

	private static final String ENDPOINT_ACTION = "Set 'etcd.endpoints' to the client addresses of the cluster's "
			+ "members, such as 'http://etcd-0:2379,http://etcd-1:2379', or 'https://…' for all of them.";

	@Test
	void namesMissingPassword() {
		FailureAnalysis analysis = analyze(new InvalidCredentialsException("etcd.username", "etcd.password"));

		assertThat(analysis.getDescription())
			.isEqualTo("The credentials for etcd are incomplete: etcd.username is set, but etcd.password is not.");
		assertThat(analysis.getAction()).isEqualTo("Set 'etcd.password' as well, or leave both out.");
	}

	@Test
	void namesMissingUsername() {
		FailureAnalysis analysis = analyze(new InvalidCredentialsException("etcd.password", "etcd.username"));

		assertThat(analysis.getDescription())
			.isEqualTo("The credentials for etcd are incomplete: etcd.password is set, but etcd.username is not.");
		assertThat(analysis.getAction()).isEqualTo("Set 'etcd.username' as well, or leave both out.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ftp://etcd:2379     | its scheme is 'ftp'
			http://etcd         | it has no valid port; etcd's client port is usually 2379
			http://etcd:2379/v3 | it has a path, a query or a fragment
			http://my etcd:2379 | it is not a URI
			""")
	void namesInvalidEndpointAndWhatIsWrongWithIt(String endpoint, String reason) {
		FailureAnalysis analysis = analyzeEndpoint(endpoint);

		assertThat(analysis.getDescription())
			.isEqualTo("The etcd endpoint '" + endpoint + "' in 'etcd.endpoints' is not valid: " + reason + ".");
		assertThat(analysis.getAction()).isEqualTo(ENDPOINT_ACTION);
	}

	@Test
	void hidesPasswordInEndpoint() {
		FailureAnalysis analysis = analyzeEndpoint("http://root:S3CR3T@etcd:2379");

		assertThat(analysis.getDescription()).isEqualTo("The etcd endpoint 'http://***@etcd:2379' in 'etcd.endpoints' "
				+ "is not valid: it holds a user name; credentials are given apart from endpoints.");
		assertThat(analysis.getCause()).hasMessageNotContaining("S3CR3T");
	}

	private static FailureAnalysis analyze(InvalidCredentialsException failure) {
		return new InvalidCredentialsFailureAnalyzer().analyze(failure, failure);
	}

	private static FailureAnalysis analyzeEndpoint(String endpoint) {
		InvalidEndpointException failure = catchThrowableOfType(InvalidEndpointException.class,
				() -> EtcdClientOptions.of(endpoint));
		return new InvalidEndpointFailureAnalyzer().analyze(failure, failure);
	}

}
