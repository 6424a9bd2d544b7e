/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.ChildJvm;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.ClaimChecker;
import io.github.etcdspring.it.core.history.FencedCounter;
import io.github.etcdspring.it.core.history.History;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Processes contend for one lock and one election while they and members of the cluster
 * are killed and paused, also for longer than a lease lives (P5, L1, L2, E1). There are
 * {@code -Dit.processes} of them.
 */
class ProcessContentionRunIntegrationTests {

	private static final int PROCESSES = Integer.getInteger("it.processes", 4);

	/** So many times each is owned at least, or the run means nothing. */
	private static final int LEAST = 20;

	private static final Duration LONG = Duration.ofSeconds(30);

	/** So long those work that write without the guard. */
	private static final Duration WORK = Duration.ofMillis(800);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient observer = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final Workers workers = new Workers();

	/** All there have been. */
	private final List<ChildJvm> all = new CopyOnWriteArrayList<>();

	private long from;

	private final AtomicInteger killed = new AtomicInteger();

	private final AtomicInteger paused = new AtomicInteger();

	@BeforeEach
	void mark() {
		this.from = this.observer.kv().put(this.keys.name("first"), "").revision() + 1;
	}

	private ChildJvm start(Duration work, boolean fenced) {
		List<String> arguments = new ArrayList<>(
				List.of(this.keys.prefix(), "" + work.toMillis(), Boolean.toString(fenced)));
		arguments.addAll(etcd.cluster().endpoints());
		ChildJvm process = ChildJvm.start(ContendingProcess.class, arguments);
		this.all.add(process);
		return process;
	}

	@AfterEach
	void killAll() {
		this.all.forEach(ChildJvm::close);
	}

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void losesNoUpdateAndTakesNoOldTokenWhileProcessesAndMembersDieAndStall(long seed) throws InterruptedException {
		List<ChildJvm> processes = new ArrayList<>();
		for (int i = 0; i < PROCESSES; i++) {
			processes.add(start(Duration.ofMillis(40), true));
		}
		await().atMost(LONG).until(() -> processes.stream().allMatch((process) -> process.output().contains("owns")));
		Random random = new Random(seed);
		Faults faults = new Faults(etcd.cluster(), EnumSet.allOf(Faults.Kind.class), seed);

		this.workers.start("hand that strikes", () -> strike(processes, random));
		faults.run(RunSettings.duration(20), this::isEnough);
		this.workers.stop();
		processes.forEach(ChildJvm::kill);

		for (String what : List.of(ContendingProcess.LOCK, ContendingProcess.ELECTION)) {
			List<Line> own = lines(what);
			System.out.printf(
					"process contention: %s of %d processes, %d owners, %d claims, %d counted, %d refused, "
							+ "longest time between two owners %d ms; %s; processes: %d killed, %d paused%n",
					what, PROCESSES, count(own, "owns"), count(own, "claims"), count(own, "counted"),
					count(own, "refused"), longestGap(own), faults, this.killed.get(), this.paused.get());
			assertThat(objections(what, own)).isEmpty();
			assertThat(overlaps(own)).isEmpty();
			assertThat(count(own, "claims")).isGreaterThanOrEqualTo(LEAST);
			assertThat(own.stream().filter(Line::isOwner).map(Line::token)).doesNotHaveDuplicates()
				.hasSizeGreaterThanOrEqualTo(LEAST);
			assertThat(count(own, "counted")).isGreaterThanOrEqualTo(LEAST);
		}
	}

	/**
	 * One that died may hold up others for long: etcd prolongs its lease with each
	 * leader.
	 */
	private boolean isEnough() {
		return this.paused.get() >= 2 && this.killed.get() >= 1
				&& Stream.of(ContendingProcess.LOCK, ContendingProcess.ELECTION)
					.map(this::lines)
					.allMatch((lines) -> count(lines, "claims") >= LEAST && count(lines, "counted") >= LEAST);
	}

	/** What all there have been printed of a lock or an election. */
	private List<Line> lines(String what) {
		return this.all.stream()
			.flatMap((process) -> Line.allOf(process.output()))
			.filter((line) -> line.what().equals(what))
			.toList();
	}

	/** Pauses a process, often for longer than its lease lives, or kills one. */
	private void strike(List<ChildJvm> processes, Random random) {
		pass(random.nextInt(500, 1500));
		int which = victim(processes, random);
		if (random.nextInt(3) == 0) {
			processes.get(which).kill();
			processes.set(which, start(Duration.ofMillis(40), true));
			this.killed.incrementAndGet();
		}
		else {
			processes.get(which).pause();
			pass(random.nextInt(200, 4000));
			processes.get(which).resume();
			this.paused.incrementAndGet();
		}
	}

	/** Every other time one that owns, if it can be met. */
	private static int victim(List<ChildJvm> processes, Random random) {
		int any = random.nextInt(processes.size());
		return random.nextBoolean() ? any : IntStream.range(0, processes.size())
			.filter((i) -> lastLine(processes.get(i)).filter((line) -> line.isOwner() || line.isAtWork()).isPresent())
			.findFirst()
			.orElse(any);
	}

	/** Lets time pass: a fault lasts, and there is nothing to wait for. */
	private void pass(long millis) {
		long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
		while (System.nanoTime() - end < 0 && !this.workers.isStopped()) {
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
		}
	}

	@Test
	void objectsToOwnersThatNeitherAskNorWriteThroughTheGuard() {
		ChildJvm first = start(WORK, false);
		long token = pauseAtWork(first);
		ChildJvm second = start(WORK, false);
		await().atMost(LONG).until(() -> second.output().contains("lock counted"));
		first.resume();
		await().atMost(LONG)
			.until(() -> Line.allOf(first.output())
				.anyMatch((line) -> line.did().equals("claims") && line.token() == token));
		this.all.forEach(ChildJvm::kill);

		List<Line> lines = lines(ContendingProcess.LOCK);
		assertThat(objections(ContendingProcess.LOCK, lines)).isNotEmpty();
		assertThat(overlaps(lines)).isNotEmpty().allMatch((objection) -> objection.startsWith("overlap"));
	}

	private static long pauseAtWork(ChildJvm process) {
		return await().atMost(LONG).until(() -> pausedAtWork(process), Optional::isPresent).orElseThrow().token();
	}

	/**
	 * Not one that reads or writes: that may fail after a long pause. On a busy machine
	 * its work may be done before the pause: it is resumed then.
	 */
	private static Optional<Line> pausedAtWork(ChildJvm process) {
		Optional<Line> work = lastLine(process).filter(Line::isAtWork);
		if (work.isEmpty()) {
			return work;
		}
		process.pause();
		if (System.nanoTime() - work.get().nanos() < WORK.toNanos()) {
			return work;
		}
		process.resume();
		return Optional.empty();
	}

	private static Optional<Line> lastLine(ChildJvm process) {
		return Line.allOf(process.output()).reduce((earlier, later) -> later);
	}

	/** What is wrong with the claims to own, by the clock of the machine (L1, E1). */
	private static List<String> overlaps(List<Line> lines) {
		return ClaimChecker.objections(
				lines.stream()
					.filter(Line::isOwner)
					.map((line) -> new ClaimChecker.Grant(line.token(), line.nanos()))
					.toList(),
				lines.stream()
					.filter((line) -> line.did().equals("claims"))
					.map((line) -> new ClaimChecker.Claim(line.token(), line.nanos()))
					.toList());
	}

	private List<String> objections(String what, List<Line> lines) {
		KeyRange counter = KeyRange.key(ContendingProcess.counter(this.keys.prefix(), what));
		long last = this.observer.kv().put(this.keys.name("last"), "").revision();
		History history = History.read(this.observer, counter, this.from, last);
		List<ByteSequence> acknowledged = lines.stream()
			.filter((line) -> line.did().equals("counted"))
			.map((line) -> FencedCounter.value(line.number(), line.token()))
			.toList();
		return FencedCounter.objections(history, acknowledged);
	}

	private static long count(List<Line> lines, String did) {
		return lines.stream().filter((line) -> line.did().equals(did)).count();
	}

	/** The clock is that of the machine, the same in all its processes. */
	private static long longestGap(List<Line> lines) {
		long[] times = lines.stream().filter(Line::isOwner).mapToLong(Line::nanos).sorted().toArray();
		long longest = 0;
		for (int i = 1; i < times.length; i++) {
			longest = Math.max(longest, times[i] - times[i - 1]);
		}
		return Duration.ofNanos(longest).toMillis();
	}

	/** What a process printed. */
	private record Line(String what, String did, long nanos, long token, long number) {

		boolean isOwner() {
			return this.did.equals("owns");
		}

		boolean isAtWork() {
			return this.did.equals("works");
		}

		/** The last line of one that was killed may be half a line. */
		static Stream<Line> allOf(String output) {
			return output.lines()
				.map((line) -> line.split(" ", -1))
				.filter((words) -> words.length == 5
						&& (words[0].equals(ContendingProcess.LOCK) || words[0].equals(ContendingProcess.ELECTION)))
				.filter((words) -> words[4].matches("\\d+"))
				.map((words) -> new Line(words[0], words[1], Long.parseLong(words[2]), Long.parseLong(words[3]),
						Long.parseLong(words[4])));
		}

	}

}
