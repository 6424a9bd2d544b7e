/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process that stands still for longer than its lease lives, and wakes (P4).
 */
@EachVersion
class PausedProcessIntegrationTests {

	private static final Duration TTL = Duration.ofSeconds(3);

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final int STEPS = 20;

	@RegisterExtension
	final EtcdClusterExtension etcd;

	private final KeySpace keys = KeySpace.unique();

	private final RecordingListener owners = new RecordingListener();

	private final RecordingListener work = new RecordingListener();

	@AutoClose
	private EtcdClient client;

	PausedProcessIntegrationTests(String version) {
		this.etcd = EtcdClusterExtension.of(EtcdCluster.builder().version(version));
	}

	@BeforeEach
	void watch() {
		this.client = EtcdClients.connect(this.etcd.cluster());
		this.client.watch().open(WatchRequest.of(KeyRange.prefix(this.keys.name("owner/"))), this.owners);
		this.client.watch().open(WatchRequest.of(this.keys.only("work")), this.work);
	}

	private List<WatchEvent.Delete> expiries() {
		return this.owners.events()
			.stream()
			.filter(WatchEvent.Delete.class::isInstance)
			.map(WatchEvent.Delete.class::cast)
			.toList();
	}

	/** The revisions of the work done under an ownership. */
	private List<Long> workUnder(long token) {
		return this.work.events()
			.stream()
			.map(WatchEvent.Put.class::cast)
			.filter((put) -> put.kv().value().toUtf8().equals(Long.toString(token)))
			.map(WatchEvent::revision)
			.toList();
	}

	@Test
	void knowsAtFirstQuestionAndDoesNoWorkUnderOldSessionWhenPausedForLongerThanTtl() {
		List<String> arguments = new ArrayList<>(List.of(this.keys.prefix()));
		arguments.addAll(this.etcd.cluster().endpoints());
		try (ChildJvm worker = ChildJvm.start(Worker.class, arguments)) {
			Answer before = ask(worker, 0);
			for (int i = 1; i < STEPS; i++) {
				assertThat(ask(worker, i)).isEqualTo(before);
			}
			assertThat(before.held()).isTrue();

			worker.pause();
			long paused = this.client.ticker().nanoTime();
			await("expiry at the server").atMost(LONG).until(() -> expiries().size() == 1);
			long expired = this.client.ticker().nanoTime();
			// it is there to be read when the process wakes: its thread asks at once
			worker.send("go");
			worker.resume();
			Answer woken = answer(worker, STEPS);
			Answer after = ask(worker, STEPS + 1);

			System.out.printf("paused process: expired at the server after %d ms, then%n%s%n",
					Duration.ofNanos(expired - paused).toMillis(), worker.output().lines().skip(STEPS).toList());
			assertThat(woken.held()).isFalse();
			assertThat(woken.token()).isEqualTo(before.token());
			assertThat(woken.lease()).isNotEqualTo(before.lease());
			assertThat(after.held()).isTrue();
			assertThat(after.token()).isGreaterThan(before.token());
			assertThat(after.lease()).isNotIn(before.lease(), "none");
			await().atMost(LONG).until(() -> workUnder(after.token()).size() == 1);
			assertThat(workUnder(before.token())).hasSize(STEPS)
				.allMatch((revision) -> revision < expiries().get(0).revision());
			assertThat(this.work.events()).hasSize(STEPS + 1);
		}
	}

	/** Lets the worker take a step. */
	private static Answer ask(ChildJvm worker, int number) {
		worker.send("go");
		return answer(worker, number);
	}

	private static Answer answer(ChildJvm worker, int number) {
		return await("answer " + number + " of the worker").atMost(LONG)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> Answer.allOf(worker), (answers) -> answers.size() > number)
			.get(number);
	}

	/**
	 * What the worker saw when it asked: about its ownership, and its session's lease.
	 */
	private record Answer(boolean held, long token, String lease) {

		private static final Pattern LINE = Pattern.compile("at \\d+ ms: (held|lost), token (\\d+), lease (\\w+);");

		static List<Answer> allOf(ChildJvm worker) {
			return LINE.matcher(worker.output()).results().map(Answer::of).toList();
		}

		private static Answer of(MatchResult line) {
			return new Answer(line.group(1).equals("held"), Long.parseLong(line.group(2)), line.group(3));
		}

	}

	/**
	 * For each line it reads, asks whether it owns its place, and does its work if so.
	 * The work is not fenced: nothing but the answer keeps it from being done.
	 */
	static final class Worker {

		private Worker() {
		}

		public static void main(String[] arguments) throws IOException {
			KeySpace keys = new KeySpace(arguments[0]);
			EtcdClientOptions options = EtcdClientOptions.builder(List.of(arguments).subList(1, arguments.length))
				.build();
			BufferedReader steps = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			try (EtcdClient client = EtcdClient.create(options); Session session = Session.open(client, TTL)) {
				Ownership owned = enter(session, keys);
				while (steps.readLine() != null) {
					boolean held = owned.isHeld();
					String lease = session.lease().map(KeepAlive::lease).map(Object::toString).orElse("none");
					long now = TimeUnit.NANOSECONDS.toMillis(client.ticker().nanoTime());
					if (held) {
						client.kv().put(keys.name("work"), Long.toString(owned.token()));
					}
					System.out.println("at " + now + " ms: " + (held ? "held" : "lost") + ", token " + owned.token()
							+ ", lease " + lease + ";");
					if (!held) {
						owned = enter(session, keys);
					}
				}
			}
		}

		private static Ownership enter(Session session, KeySpace keys) {
			return session.enter(keys.key("owner/"), ByteSequence.EMPTY).orTimeout(20, TimeUnit.SECONDS).join();
		}

	}

}
