/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests of {@link Login}: credentials and tokens that the user's code supplies.
 */
class SuppliedSecretTests {

	private static final Status INVALID_TOKEN = Status.UNAUTHENTICATED
		.withDescription("etcdserver: invalid auth token");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private final Queue<String> threads = new ConcurrentLinkedQueue<>();

	/** Gives values one after the other, the last for ever. */
	private <T> Supplier<T> inTurn(List<T> values) {
		Queue<T> left = new ArrayDeque<>(values);
		return () -> {
			this.threads.add(Thread.currentThread().getName());
			return (left.size() > 1) ? left.remove() : left.element();
		};
	}

	private static List<String> passwords(ScriptedEtcd member) {
		return member.authenticate().calls().stream().map((call) -> call.request().getPassword()).toList();
	}

	private static List<String> tokens(ScriptedEtcd member) {
		return member.range().calls().stream().map((call) -> call.header("token")).toList();
	}

	private EtcdException failureOfRead(EtcdClient client) {
		return catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));
	}

	@Test
	void logsInWithTheCredentialsOfTheMoment() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(
				(options) -> options.credentials(
						inTurn(List.of(new EtcdCredentials("user", "old"), new EtcdCredentials("user", "new")))),
				member);
		client.kv().get("key");
		member.range().thenFail(INVALID_TOKEN);

		client.kv().get("key");

		assertThat(passwords(member)).containsExactly("old", "new");
		assertThat(this.threads).hasSize(2).allMatch((name) -> name.matches("etcd-client-\\d+-secret.*"));
	}

	@Test
	void failsWithATypedErrorAndSendsNothingWhenTheSupplierFails() {
		ScriptedEtcd member = this.cluster.member();
		IllegalStateException cause = new IllegalStateException("vault is sealed");
		Supplier<EtcdCredentials> supplier = () -> {
			this.threads.add("asked");
			throw cause;
		};
		EtcdClient client = this.cluster.client((options) -> options.credentials(supplier).ticker(this.clock), member);

		EtcdException failure = failureOfRead(client);
		EtcdException soon = failureOfRead(client);
		int askedSoon = this.threads.size();
		this.clock.advance(Duration.ofSeconds(5));
		failureOfRead(client);

		assertThat(failure).isInstanceOf(EtcdAuthenticationException.class)
			.hasMessageStartingWith(
					"Range failed: the supplier of the credentials failed: " + "java.lang.IllegalStateException")
			.hasRootCause(cause);
		assertThat(failure.isRetryable()).isTrue();
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(soon).isInstanceOf(EtcdAuthenticationException.class).isNotSameAs(failure);
		assertThat(askedSoon).isEqualTo(1);
		assertThat(this.threads).hasSize(2);
		assertThat(member.authenticate().count()).isZero();
		assertThat(member.range().count()).isZero();
	}

	@Test
	@SuppressWarnings("NullAway")
	void failsWithATypedErrorWhenTheSupplierGivesNothing() {
		ScriptedEtcd member = this.cluster.member();
		Supplier<EtcdCredentials> supplier = () -> null;
		EtcdClient client = this.cluster.client((options) -> options.credentials(supplier), member);

		assertThat(failureOfRead(client)).isInstanceOf(EtcdAuthenticationException.class)
			.hasMessageContaining("the supplier of the credentials failed: java.lang.NullPointerException");
	}

	@Test
	void keepsToTheTimeoutWhenTheSupplierBlocks() {
		ScriptedEtcd member = this.cluster.member();
		CountDownLatch released = new CountDownLatch(1);
		Supplier<EtcdCredentials> supplier = () -> {
			try {
				released.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return new EtcdCredentials("user", "secret");
		};
		EtcdClient client = this.cluster
			.client((options) -> options.credentials(supplier).ticker(this.clock).scheduler(this.clock), member);
		CompletableFuture<?> blocked = client.kv().getAsync("key");

		this.clock.advance(Duration.ofSeconds(10));

		assertThat(failureOf(blocked)).isInstanceOf(EtcdUnavailableException.class)
			.hasMessageContaining("within 10000 ms");
		released.countDown();
		client.kv().get("key");
		assertThat(member.authenticate().count()).isEqualTo(1);
		assertThat(member.range().count()).isEqualTo(1);
	}

	@Test
	void sendsAFixedTokenAndNeverLogsIn() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client((options) -> options.token("S3CR3T-token"), member);
		client.kv().get("key");
		member.range().thenFail(INVALID_TOKEN);

		EtcdException failure = failureOfRead(client);

		assertThat(failure).isInstanceOf(EtcdAuthenticationException.class)
			.hasMessageStartingWith("Range failed: etcdserver: invalid auth token; the client's token is fixed")
			.hasMessageNotContaining("S3CR3T");
		assertThat(failure.serverMessage()).contains("etcdserver: invalid auth token");
		assertThat(tokens(member)).containsExactly("S3CR3T-token", "S3CR3T-token");
		assertThat(member.authenticate().count()).isZero();
	}

	@Test
	void asksForAnotherTokenOnceWhenASuppliedOneIsRefused() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client((options) -> options.token(inTurn(List.of("old", "new", "newest"))),
				member);
		client.kv().get("key");
		member.range().thenFail(INVALID_TOKEN);

		client.kv().get("key");

		assertThat(tokens(member)).containsExactly("old", "old", "new");
		assertThat(this.threads).hasSize(2).allMatch((name) -> name.matches("etcd-client-\\d+-secret.*"));
		assertThat(member.authenticate().count()).isZero();
	}

	@Test
	void failsWhenTheSecondTokenIsRefusedToo() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseFail(INVALID_TOKEN);
		EtcdClient client = this.cluster.client((options) -> options.token(inTurn(List.of("same"))), member);

		EtcdException failure = failureOfRead(client);

		assertThat(failure).isInstanceOf(EtcdAuthenticationException.class);
		assertThat(failure.attempts()).isEqualTo(2);
		assertThat(tokens(member)).containsExactly("same", "same");
		assertThat(this.threads).hasSize(2);
	}

	@Test
	void refusesATokenBesideCredentialsWhenBuilt() {
		EtcdClientOptions.Builder options = EtcdClientOptions.builder(List.of("host:2379"))
			.credentials(new EtcdCredentials("user", "secret"))
			.token("token");

		assertThatIllegalArgumentException().isThrownBy(options::build)
			.withMessage("credentials and token: both are given (expected: one of them)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "Bearer S3CR3T", "S3CR3T\n", "S3CR3T\u00e9" })
	void refusesWhatCannotBeSentAsAToken(String token) {
		EtcdClientOptions.Builder options = EtcdClientOptions.builder(List.of("host:2379"));

		assertThatIllegalArgumentException().isThrownBy(() -> options.token(token))
			.withMessageStartingWith(
					"token: " + token.length() + " characters (expected: at least one, printable ASCII")
			.withMessageNotContaining("S3CR3T");
	}

	@Test
	void printsNoSuppliedSecret() {
		assertThat(EtcdClientOptions.builder(List.of("host:2379")).token("S3CR3T").build().toString())
			.doesNotContain("S3CR3T");
		assertThat(Authentication.Password.of(new EtcdCredentials("user", "S3CR3T")).toString())
			.doesNotContain("S3CR3T");
		assertThat(new Authentication.FixedToken(new AuthToken("S3CR3T")).toString()).doesNotContain("S3CR3T");
	}

}
