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
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.it.core.fault.RunSettings;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Processes that stand still for longer than their leases live, and wake (P4, L3), as
 * often as {@code -Dit.rounds} says.
 */
@EachVersion
class PausedProcessIntegrationTests {

	private static final String OWNER = "owner/";

	private static final String WORK = "work";

	private static final Duration TTL = Duration.ofSeconds(3);

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final int WORKERS = 3;

	private static final int STEPS = 20;

	@RegisterExtension
	final EtcdClusterExtension etcd;

	private final KeySpace keys = KeySpace.unique();

	private final RecordingListener listener = new RecordingListener();

	@AutoClose
	private EtcdClient client;

	private final List<ChildJvm> workers = new ArrayList<>();

	private final Spread paused = new Spread();

	PausedProcessIntegrationTests(String version) {
		this.etcd = EtcdClusterExtension.of(EtcdCluster.builder().version(version));
	}

	@BeforeEach
	void start() {
		this.client = EtcdClients.connect(this.etcd.cluster());
		this.client.watch().open(WatchRequest.of(this.keys.range()), this.listener);
		for (int i = 0; i < WORKERS; i++) {
			List<String> arguments = new ArrayList<>(List.of(keysOf(i).prefix()));
			arguments.addAll(this.etcd.cluster().endpoints());
			this.workers.add(ChildJvm.start(Worker.class, arguments));
		}
	}

	@AfterEach
	void killAll() {
		this.workers.forEach(ChildJvm::close);
	}

	private KeySpace keysOf(int worker) {
		return new KeySpace(this.keys.name(worker + "/"));
	}

	/** The revisions at which a worker's places were lost. */
	private List<Long> expiries(int worker) {
		KeyRange places = KeyRange.prefix(keysOf(worker).name(OWNER));
		return this.listener.events()
			.stream()
			.filter(WatchEvent.Delete.class::isInstance)
			.filter((event) -> places.contains(event.key()))
			.map(WatchEvent::revision)
			.toList();
	}

	/** The revisions of the work a worker did under a token. */
	private List<Long> work(int worker, long token) {
		return this.listener.events()
			.stream()
			.filter((event) -> event.key().equals(keysOf(worker).key(WORK)))
			.map(WatchEvent.Put.class::cast)
			.filter((put) -> put.kv().value().toUtf8().equals(Long.toString(token)))
			.map(WatchEvent::revision)
			.toList();
	}

	@Test
	void knowsAtFirstQuestionAndDoesNoWorkUnderOldSessionWhenPausedForLongerThanTtl() {
		// L3
		for (ChildJvm worker : this.workers) {
			Answer first = ask(worker, 0);
			for (int i = 1; i < STEPS; i++) {
				assertThat(ask(worker, i)).isEqualTo(first);
			}
			assertThat(first.held()).isTrue();
		}
		List<Boolean> woken = new ArrayList<>();
		for (int round = 0; round < RunSettings.rounds(); round++) {
			int last = STEPS - 1 + 2 * round;
			List<Answer> before = this.workers.stream().map((worker) -> answer(worker, last)).toList();
			pauseForLongerThanTtl(round + 1);
			for (int i = 0; i < WORKERS; i++) {
				Answer first = answer(this.workers.get(i), last + 1);
				Answer after = ask(this.workers.get(i), last + 2);
				woken.add(first.held());
				assertThat(before.get(i).held()).isTrue();
				assertThat(first.token()).isEqualTo(before.get(i).token());
				assertThat(first.lease()).isNotEqualTo(before.get(i).lease());
				assertThat(after.held()).isTrue();
				assertThat(after.token()).isGreaterThan(before.get(i).token());
				assertThat(after.lease()).isNotIn(before.get(i).lease(), "none");
				checkWork(i, round, before.get(i).token(), after.token());
			}
		}
		System.out.printf("paused processes: etcd %s, first answer after the pause: %s; paused %s%n",
				this.etcd.cluster().version(), woken, this.paused);
		assertThat(woken).hasSize(WORKERS * RunSettings.rounds()).containsOnly(false);
	}

	/** At least for the TTL and a second, and until the server has ended the leases. */
	private void pauseForLongerThanTtl(int expiries) {
		this.workers.forEach(ChildJvm::pause);
		long begin = this.client.ticker().nanoTime();
		await("expiry at the server").atMost(LONG)
			.until(() -> IntStream.range(0, WORKERS).allMatch((i) -> expiries(i).size() == expiries)
					&& this.client.ticker().nanoTime() - begin > TTL.plusSeconds(1).toNanos());
		for (ChildJvm worker : this.workers) {
			// it is there to be read when the process wakes: its thread asks at once
			worker.send("go");
			worker.resume();
		}
		this.paused.add(this.client.ticker().nanoTime() - begin);
	}

	/** What was done under the old token was done before it was lost. */
	private void checkWork(int worker, int round, long old, long present) {
		await().atMost(LONG).until(() -> work(worker, present).size() == 1);
		assertThat(work(worker, old)).hasSize((round == 0) ? STEPS : 1)
			.allMatch((revision) -> revision < expiries(worker).get(round));
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
						client.kv().put(keys.name(WORK), Long.toString(owned.token()));
					}
					System.out.println("at " + now + " ms: " + (held ? "held" : "lost") + ", token " + owned.token()
							+ ", lease " + lease + ";");
					if (!held) {
						owned = enter(session, keys);
					}
				}
			}
		}

		/** On a slow machine a lease may be over before the place is entered. */
		private static Ownership enter(Session session, KeySpace keys) {
			while (true) {
				try {
					return session.enter(keys.key(OWNER), ByteSequence.EMPTY).orTimeout(20, TimeUnit.SECONDS).join();
				}
				catch (CompletionException ex) {
					if (!(ex.getCause() instanceof EtcdException)) {
						throw ex;
					}
				}
			}
		}

	}

}
