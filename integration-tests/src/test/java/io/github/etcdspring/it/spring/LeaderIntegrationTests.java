/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.leader.LeaderElections;
import io.github.etcdspring.boot.leader.LeadershipGrantedEvent;
import io.github.etcdspring.boot.leader.LeadershipRevokedEvent;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.election.Candidate;
import io.github.etcdspring.election.LeadershipEnd;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who runs guarded methods, and how that changes hands.
 */
class LeaderIntegrationTests {

	private static final Duration TTL = Duration.ofSeconds(3);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final EtcdClient client;

	LeaderIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(EtcdClientOptions.builder(cluster.endpoints()).build());
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void runsOnTheLeaderOnly(EtcdCluster cluster) {
		try (App one = patient(cluster, "only"); App two = patient(cluster, "only")) {
			App leader = awaitLeader(one, two);
			assertThat(elections(leader).leader(Job.ROLE).map(Candidate::token)).contains(token(leader));
			App follower = (leader == one) ? two : one;
			Moments.soon().until(() -> runs(leader).size() >= 20);

			assertThat(runs(follower)).isEmpty();
			assertThat(runs(leader)).containsOnly(token(leader));
			assertThat(elections(follower).isLeader(Job.ROLE)).isFalse();
			Moments.soon().until(() -> elections(follower).leader(Job.ROLE).isPresent());
			assertThat(elections(follower).leader(Job.ROLE)).hasValueSatisfying((candidate) -> {
				assertThat(candidate.token()).isEqualTo(token(leader));
				assertThat(candidate.value().toUtf8()).startsWith("only@");
			});
			assertThat(follower.events().count(LeadershipGrantedEvent.class)).isZero();
			// the event follows the role
			Moments.soon().until(() -> leader.events().count(LeadershipGrantedEvent.class) >= 1);
			assertThat(leader.events().of(LeadershipGrantedEvent.class)).singleElement()
				.satisfies((event) -> assertThat(event.fencingToken()).isEqualTo(token(leader)));
		}
	}

	@Test
	void e2HandsOverWithinASecondWithGreaterTokenWhenLeaderCloses(EtcdCluster cluster) {
		App one = patient(cluster, "over");
		Moments.soon().until(() -> elections(one).isLeader(Job.ROLE));
		try (App two = patient(cluster, "over")) {
			Moments.soon().until(() -> candidates("leaders/over/").size() == 2);
			long token = token(one);
			Events eventsOfOne = one.events();

			CompletableFuture<Void> closing = CompletableFuture.runAsync(one::close);
			Duration took = Moments
				.timed(() -> Moments.within(Duration.ofSeconds(1)).until(() -> elections(two).isLeader(Job.ROLE)));
			closing.join();

			System.out.println("leadership handed over after " + took.toMillis() + " ms");
			assertThat(token(two)).isGreaterThan(token);
			assertThat(eventsOfOne.of(LeadershipRevokedEvent.class)).singleElement().satisfies((event) -> {
				assertThat(event.reason()).isEqualTo(LeadershipEnd.RESIGNED);
				assertThat(event.fencingToken()).isEqualTo(token);
			});
			Moments.soon().until(() -> !runs(two).isEmpty());
		}
		finally {
			one.close();
		}
	}

	@Test
	void e3e4RevokesAndGrantsInTurnWhenLeaseIsLost(EtcdCluster cluster) {
		App one = start(cluster, "lost");
		Moments.soon().until(() -> elections(one).isLeader(Job.ROLE));
		try (App two = start(cluster, "lost")) {
			Moments.soon().until(() -> candidates("leaders/lost/").size() == 2);
			long last = token(one);
			for (int i = 0; i < 3; i++) {
				cluster.etcdctl("lease", "revoke", candidates("leaders/lost/").get(0).lease().toString());
				long before = last;
				Moments.within(Duration.ofSeconds(6)).until(() -> leaderToken(one, two) > before);
				last = leaderToken(one, two);
			}

			assertThat(history(one) + history(two)).contains("R");
			for (App app : List.of(one, two)) {
				assertThat(history(app)).matches("(GR)*G?");
				List<Long> tokens = app.events()
					.of(LeadershipGrantedEvent.class)
					.stream()
					.map(LeadershipGrantedEvent::fencingToken)
					.toList();
				assertThat(tokens).isSorted().doesNotHaveDuplicates();
			}
			assertThat(one.events().of(LeadershipRevokedEvent.class)).first()
				.satisfies((event) -> assertThat(event.fencingToken())
					.isEqualTo(one.events().of(LeadershipGrantedEvent.class).get(0).fencingToken()));
		}
		finally {
			one.close();
		}
	}

	@Test
	void e4CampaignsOnWhenAListenerFailsWithAnError(EtcdCluster cluster) {
		try (App app = App.of(cluster, "failing").with(Job.class, FailingListener.class).start()) {
			Moments.soon().until(() -> elections(app).isLeader(Job.ROLE));
			long token = token(app);

			cluster.etcdctl("lease", "revoke", candidates("leaders/failing/").get(0).lease().toString());

			Moments.soon().until(() -> token(app) > token);
		}
	}

	@Test
	void e3LosesRoleBeforeAnotherCanHaveItWhenEtcdCanNotBeReached(EtcdCluster cluster) {
		try (App app = start(cluster, "cut")) {
			Moments.soon().until(() -> elections(app).isLeader(Job.ROLE));
			cluster.kill();

			// no renewal was answered after the kill: without it, another could lead TTL
			// later
			Duration took = Moments.timed(() -> Moments.within(TTL).until(() -> !elections(app).isLeader(Job.ROLE)));
			Moments.soon().until(() -> app.events().count(LeadershipRevokedEvent.class) == 1);
			int runs = runs(app).size();
			System.out.println("role given up " + took.toMillis() + " ms after etcd was gone, TTL " + TTL);
			Moments.throughout(Duration.ofMillis(500)).holds(() -> runs(app).size() == runs);

			cluster.restart();
			Moments.within(Duration.ofSeconds(10)).until(() -> elections(app).isLeader(Job.ROLE));
			// the event follows the role
			Moments.soon().until(() -> history(app).length() >= 3);
			assertThat(history(app)).isEqualTo("GRG");
		}
	}

	@Test
	void keepsLeadingWhenTheLeaderOfEtcdDies(EtcdCluster cluster) {
		Duration ttl = Duration.ofSeconds(8);
		try (App app = App.of(cluster, "etcdleader")
			.set("etcd.leader.ttl", ttl.toSeconds() + "s")
			.with(Job.class)
			.start()) {
			Moments.soon().until(() -> elections(app).isLeader(Job.ROLE));
			long token = token(app);
			cluster.leader().kill();

			Moments.throughout(ttl).holds(() -> elections(app).isLeader(Job.ROLE));

			assertThat(token(app)).isEqualTo(token);
		}
	}

	@Test
	void leadsRoleOfOneApplicationInEach(EtcdCluster cluster) {
		try (App one = start(cluster, "first"); App two = start(cluster, "second")) {
			Moments.soon().until(() -> elections(one).isLeader(Job.ROLE) && elections(two).isLeader(Job.ROLE));
		}
	}

	@Test
	void leadsRoleAcrossApplicationsInOne(EtcdCluster cluster) {
		try (App one = App.of(cluster, "left").with(CrossJob.class).start();
				App two = App.of(cluster, "right").with(CrossJob.class).start()) {
			Moments.soon()
				.until(() -> elections(one).isLeader(CrossJob.ROLE) || elections(two).isLeader(CrossJob.ROLE));
			Moments.soon()
				.until(() -> candidates("leaders/").stream()
					.filter((kv) -> kv.key().toUtf8().contains(CrossJob.ROLE))
					.count() == 2);

			Moments.throughout(Duration.ofMillis(500))
				.holds(() -> elections(one).isLeader(CrossJob.ROLE) != elections(two).isLeader(CrossJob.ROLE));
		}
	}

	@Test
	void leadsRoleAcrossApplicationsThatIsCalledLikeAnApplication(EtcdCluster cluster) {
		// whose candidates must not stand in its queue
		try (App named = start(cluster, "orders"); App other = App.of(cluster, "other").with(OrdersJob.class).start()) {
			Moments.soon().until(() -> elections(named).isLeader(Job.ROLE));

			Moments.soon().until(() -> elections(other).isLeader(OrdersJob.ROLE));
		}
	}

	@Test
	void skipsAndCampaignsNotWhenSwitchedOff(EtcdCluster cluster) {
		try (App app = App.of(cluster, "off").set("etcd.leader.enabled", "false").with(Job.class).start()) {
			Moments.throughout(Duration.ofMillis(500))
				.holds(() -> runs(app).isEmpty() && candidates("leaders/off/").isEmpty());
		}
	}

	/** Fails as a class does that is missing a part. */
	static class FailingListener implements ApplicationListener<LeadershipGrantedEvent> {

		@Override
		public void onApplicationEvent(LeadershipGrantedEvent event) {
			throw new NoClassDefFoundError("thrown on purpose");
		}

	}

	private static App start(EtcdCluster cluster, String name) {
		return App.of(cluster, name).set("etcd.leader.ttl", TTL.toSeconds() + "s").with(Job.class).start();
	}

	/** Starts one that loses its lease in no stall of this machine. */
	private static App patient(EtcdCluster cluster, String name) {
		return App.of(cluster, name).with(Job.class).start();
	}

	private static App awaitLeader(App one, App two) {
		Moments.soon().until(() -> elections(one).isLeader(Job.ROLE) || elections(two).isLeader(Job.ROLE));
		return elections(one).isLeader(Job.ROLE) ? one : two;
	}

	private static long leaderToken(App one, App two) {
		return Math.max(token(one), token(two));
	}

	private static long token(App app) {
		return elections(app).leadership(Job.ROLE).map((leadership) -> leadership.fencingToken()).orElse(0L);
	}

	private static LeaderElections elections(App app) {
		return app.bean(LeaderElections.class);
	}

	private static List<Long> runs(App app) {
		return app.bean(Job.class).runs();
	}

	private List<KeyValue> candidates(String prefix) {
		return this.client.kv()
			.get(KeyRange.prefix(prefix))
			.kvs()
			.stream()
			.sorted((a, b) -> Long.compare(a.createRevision(), b.createRevision()))
			.toList();
	}

	/**
	 * What an instance was told of the role: a G for each grant, an R for each
	 * revocation.
	 */
	private static String history(App app) {
		StringBuilder history = new StringBuilder();
		app.events().of(ApplicationEvent.class).forEach((event) -> {
			history.append((event instanceof LeadershipGrantedEvent) ? "G" : "");
			history.append((event instanceof LeadershipRevokedEvent) ? "R" : "");
		});
		return history.toString();
	}

}
