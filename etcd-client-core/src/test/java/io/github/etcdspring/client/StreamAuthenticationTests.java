/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link ResumableStream}: the token of a stream.
 */
class StreamAuthenticationTests {

	private static final String INVALID_TOKEN = "etcdserver: invalid auth token";

	private static final String REFUSED_TOKEN = "rpc error: code = Unauthenticated desc = " + INVALID_TOKEN;

	private static final Status UNAUTHENTICATED = Status.UNAUTHENTICATED.withDescription(INVALID_TOKEN);

	private static final Duration LONGEST_DELAY = Duration.ofMillis(1200);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener listener = new RecordingListener();

	private final FakeClock clock = new FakeClock();

	@Test
	void authenticatesAgainAndGoesOnWhenAWatchIsRefusedForItsToken() {
		ScriptedEtcd member = this.cluster.member();
		open(client(member));
		var first = asked(member, 0);
		assertThat(first.header("token")).isEqualTo("token-1");

		first.send(refused(-1, REFUSED_TOKEN));

		var second = asked(member, 1);
		assertThat(second.header("token")).isEqualTo("token-2");
		second.send(created(0, 100));
		second.send(events(0, 5));
		this.listener.awaitRevisions(5L);
		assertThat(this.listener.causes()).isEmpty();
		assertThat(member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void authenticatesAgainAndGoesOnWhenTheStreamEndsForItsToken() {
		ScriptedEtcd member = this.cluster.member();
		open(client(member));

		asked(member, 0).fail(UNAUTHENTICATED);

		assertThat(asked(member, 1).header("token")).isEqualTo("token-2");
	}

	@Test
	void authenticatesAgainWhenTheTokenTurnsOutInvalidAfterAnOutage() {
		ScriptedEtcd member = this.cluster.member();
		open(client(member));
		asked(member, 0).fail(Status.UNAVAILABLE);
		asked(member, 1).fail(UNAUTHENTICATED);

		var third = asked(member, 2);

		assertThat(third.header("token")).isEqualTo("token-2");
	}

	@Test
	void renewsLeasesWithAnotherTokenWhenTheTokenTurnsOutInvalidAfterAnOutage() {
		ScriptedEtcd member = this.cluster.member();
		member.keepAlive().onMessage((stream, renewal) -> {
			if ("token-1".equals(stream.header("token"))) {
				stream.fail(UNAUTHENTICATED);
			}
			else {
				stream.send(LeaseKeepAliveResponse.newBuilder().setID(renewal.getID()).setTTL(9).build());
			}
		});
		EtcdClient client = steppedClient(member);
		KeepAlive lease = client.lease().keepAlive(client.lease().grant(Duration.ofSeconds(9)));
		member.keepAlive().awaitStream(0).fail(Status.UNAVAILABLE);
		awaitReconnects(1);
		this.clock.advance(Duration.ofSeconds(3));
		member.keepAlive().awaitStream(1).awaitMessage(0);
		awaitReconnects(2);

		this.clock.advance(Duration.ofMillis(100));

		assertThat(member.keepAlive().awaitStream(2).header("token")).isEqualTo("token-2");
		await().until(() -> lease.remaining().compareTo(Duration.ofSeconds(8)) > 0);
	}

	@Test
	void doesNotAuthenticateWithoutPauseWhenEveryTokenIsRefused() {
		ScriptedEtcd member = this.cluster.member();
		member.watch().onMessage((stream, message) -> stream.send(refused(-1, REFUSED_TOKEN)));
		open(steppedClient(member));

		this.clock.passDelaysUntil(() -> reconnects() == 11, LONGEST_DELAY);

		assertThat(member.authenticate().count()).isBetween(10, 13);
		assertThat(this.clock.delaysUpTo(LONGEST_DELAY).get(9)).isGreaterThan(Duration.ofMillis(700));
		assertThat(this.listener.causes()).isEmpty();
	}

	@Test
	void endsTheWatchWhenTheServerWantsAUserAndThereIsNone() {
		ScriptedEtcd member = this.cluster.member();
		member.watch()
			.onMessage((stream, message) -> stream
				.send(refused(-1, "rpc error: code = InvalidArgument desc = etcdserver: user name is empty")));

		open(this.cluster.client(member));

		this.listener.awaitCalls("closed by EtcdAuthenticationException");
		assertThat(member.watch().count()).isEqualTo(1);
	}

	@Test
	void goesOnWhenTheTokenCannotBeHadForAWhile() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate().thenFail(Status.UNKNOWN).thenFail(Status.UNKNOWN);

		open(client(member));

		assertThat(asked(member, 0).header("token")).isEqualTo("token-1");
		assertThat(member.authenticate().count()).isEqualTo(3);
	}

	private void awaitReconnects(int count) {
		this.clock.awaitDelays(count, LONGEST_DELAY);
	}

	private int reconnects() {
		return this.clock.delaysUpTo(LONGEST_DELAY).size();
	}

	private EtcdClient steppedClient(ScriptedEtcd member) {
		return this.cluster.client((options) -> options.ticker(this.clock)
			.scheduler(this.clock)
			.credentials(new EtcdCredentials("user", "secret")), member);
	}

	private EtcdClient client(ScriptedEtcd member) {
		return this.cluster.client((options) -> options.credentials(new EtcdCredentials("user", "secret")), member);
	}

	private void open(EtcdClient client) {
		client.watch().open(WatchRequest.of(KeyRange.key("key")).from(5), this.listener);
	}

	private static ScriptedStream<WatchProto.WatchRequest, WatchResponse> asked(ScriptedEtcd member, int number) {
		var stream = member.watch().awaitStream(number);
		stream.awaitMessage(0);
		return stream;
	}

}
