/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.Jwt;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.AuthProto.AuthenticateRequest;
import io.github.etcdspring.internal.proto.AuthProto.AuthenticateResponse;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link TokenSource} with tokens that tell when they expire, here after 100 s.
 */
class TokenExpiryTests {

	private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

	private static final Duration LIFE = Duration.ofSeconds(100);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private final long begin = this.clock.nanoTime();

	private ScriptedEtcd member;

	/** Of this client to the server. */
	private Duration skew = Duration.ZERO;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.member.authenticate().otherwise(this::answer);
	}

	private void answer(ScriptedCall<AuthenticateRequest, AuthenticateResponse> login) {
		login.answer(AuthenticateResponse.newBuilder().setToken(tokenOf(serverTime())).build());
	}

	private static String tokenOf(Instant login) {
		return Jwt.expiring("user", login.plus(LIFE));
	}

	private Instant serverTime() {
		return BEGIN.plusNanos(this.clock.nanoTime() - this.begin);
	}

	private EtcdClient client() {
		return this.cluster.client((options) -> options.credentials(new EtcdCredentials("user", "secret"))
			.ticker(this.clock)
			.wallClock(() -> serverTime().plus(this.skew)), this.member);
	}

	/** Reads as often as asked, at once, and returns the tokens that were sent. */
	private List<String> tokensOf(EtcdClient client, int reads) {
		int before = this.member.range().count();
		List<CompletableFuture<?>> calls = IntStream.range(0, reads)
			.<CompletableFuture<?>>mapToObj((i) -> client.kv().getAsync("key" + i))
			.toList();
		resultOf(CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)));
		return this.member.range()
			.calls()
			.subList(before, before + reads)
			.stream()
			.map((call) -> call.header("token"))
			.toList();
	}

	private void after(long seconds) {
		this.clock.advance(Duration.ofSeconds(seconds));
	}

	@Test
	void asksForTheNextTokenWhenAFifthOfItsLifeIsLeft() {
		EtcdClient client = client();
		tokensOf(client, 1);

		after(79);
		tokensOf(client, 1);
		int early = this.member.authenticate().count();
		after(1);
		tokensOf(client, 1);

		assertThat(early).isEqualTo(1);
		this.member.authenticate().awaitCall(1);
		await().until(() -> tokensOf(client, 1).equals(List.of(tokenOf(BEGIN.plusSeconds(80)))));
	}

	@Test
	void goesOnWithTheOldTokenWhileTheNextIsAskedForOnce() {
		EtcdClient client = client();
		tokensOf(client, 1);
		after(80);
		this.member.authenticate().thenHold();

		List<String> tokens = tokensOf(client, 50);

		assertThat(tokens).containsOnly(tokenOf(BEGIN));
		answer(this.member.authenticate().awaitCall(1));
		await().until(() -> tokensOf(client, 1).equals(List.of(tokenOf(BEGIN.plusSeconds(80)))));
		assertThat(this.member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void keepsTheOldTokenAndTriesAgainLaterWhenTheNextCannotBeHad() {
		EtcdClient client = client();
		tokensOf(client, 1);
		after(80);
		this.member.authenticate().thenFail(Status.UNKNOWN).thenFail(Status.UNKNOWN);

		tokensOf(client, 1);
		this.member.authenticate().awaitCall(1);
		List<String> soon = tokensOf(client, 20);
		int countSoon = this.member.authenticate().count();
		after(5);
		await().until(() -> {
			tokensOf(client, 1);
			return this.member.authenticate().count() == 3;
		});

		assertThat(soon).containsOnly(tokenOf(BEGIN));
		assertThat(countSoon).isEqualTo(2);
	}

	@Test
	void sendsNoTokenThatHasExpired() {
		EtcdClient client = client();
		tokensOf(client, 1);

		after(100);

		assertThat(tokensOf(client, 50)).containsOnly(tokenOf(BEGIN.plusSeconds(100)));
		assertThat(this.member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void waitsForTheLoginUnderWayWhenTheTokenExpiresMeanwhile() {
		EtcdClient client = client();
		tokensOf(client, 1);
		after(80);
		this.member.authenticate().thenHold();
		tokensOf(client, 1);
		var login = this.member.authenticate().awaitCall(1);
		after(20);
		CompletableFuture<?> late = client.kv().getAsync("late");

		answer(login);

		resultOf(late);
		assertThat(this.member.authenticate().count()).isEqualTo(2);
		assertThat(this.member.range().calls().get(2).header("token")).isEqualTo(tokenOf(BEGIN.plusSeconds(100)));
	}

	@Test
	void opensAStreamAgainWithAFreshTokenWhenTheOldHasExpired() {
		EtcdClient client = client();
		client.watch().open(WatchRequest.of(KeyRange.key("key")).from(5), new RecordingListener());
		var first = this.member.watch().awaitStream(0);
		after(100);

		first.fail(Status.UNAVAILABLE);

		assertThat(this.member.watch().awaitStream(1).header("token")).isEqualTo(tokenOf(BEGIN.plusSeconds(100)));
		assertThat(first.header("token")).isEqualTo(tokenOf(BEGIN));
		assertThat(this.member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void replacesTokensSoonerWhenItsClockIsAhead() {
		this.skew = Duration.ofSeconds(50);
		EtcdClient client = client();
		tokensOf(client, 1);

		after(40);
		tokensOf(client, 1);

		this.member.authenticate().awaitCall(1);
	}

	@Test
	void knowsNoExpiryWhenItsClockIsAheadByMoreThanTheLife() {
		this.skew = LIFE;
		EtcdClient client = client();
		tokensOf(client, 1);

		after(1000);
		tokensOf(client, 1);

		assertThat(tokensOf(client, 1)).containsExactly(tokenOf(BEGIN));
		assertThat(this.member.authenticate().count()).isEqualTo(1);
	}

	@Test
	void keepsATokenThatTellsNoExpiry() {
		this.member.authenticate().thenAnswer(AuthenticateResponse.newBuilder().setToken("QFeuLrKoNxGcMLKy.8").build());
		EtcdClient client = client();
		tokensOf(client, 1);

		after(Duration.ofDays(30).toSeconds());

		assertThat(tokensOf(client, 1)).containsExactly("QFeuLrKoNxGcMLKy.8");
		assertThat(this.member.authenticate().count()).isEqualTo(1);
	}

}
