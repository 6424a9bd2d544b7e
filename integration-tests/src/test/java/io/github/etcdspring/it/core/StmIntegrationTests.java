/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.stm.IsolationLevel;
import io.github.etcdspring.stm.Stm;
import io.github.etcdspring.stm.StmOptions;
import io.github.etcdspring.stm.StmResult;
import io.github.etcdspring.stm.StmTransaction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Transactions of {@link Stm} that meet others.
 */
@EachVersion
class StmIntegrationTests {

	@SuppressWarnings("NullAway.Init")
	private static EtcdCluster cluster;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(cluster);

	@AutoClose
	private final EtcdClient other = EtcdClients.connect(cluster);

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Stm stm = Stm.of(this.client);

	StmIntegrationTests(String version) {
		assertThat(cluster.version()).startsWith(version + ".");
	}

	@BeforeParameterizedClassInvocation
	static void start(String version) {
		cluster = EtcdCluster.builder().version(version).start();
	}

	@AfterParameterizedClassInvocation
	static void close() {
		cluster.close();
	}

	/** The levels, in the order of their declaration, and what each lets happen. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			#                   | snapshot | serializable | repeatable | committed
			DIRTY_READ          | no       | no           | no         | no
			NON_REPEATABLE_READ | no       | no           | no         | no
			READ_SKEW           | no       | no           | yes        | yes
			STALE_READ          | no       | no           | no         | yes
			PHANTOM             | no       | no           | no         | yes
			DELETED_READ        | no       | no           | no         | yes
			LOST_UPDATE         | no       | no           | no         | yes
			WRITE_SKEW          | no       | no           | no         | yes
			BLIND_OVERWRITE     | no       | yes          | yes        | yes
			""")
	void letsHappenWhatTheLevelAllows(StmAnomaly anomaly, String snapshot, String serializable, String repeatable,
			String committed) {
		assertThat(Stream.of(IsolationLevel.values()).map((level) -> happens(anomaly, level) ? "yes" : "no"))
			.containsExactly(snapshot, serializable, repeatable, committed);
	}

	private boolean happens(StmAnomaly anomaly, IsolationLevel level) {
		Stm stm = Stm.of(this.client, StmOptions.defaults().withIsolation(level));
		return anomaly.happens(new StmAnomaly.Stage(stm, this.other, KeySpace.unique(), new AtomicInteger()));
	}

	private long add(StmTransaction transaction, String name) {
		long next = transaction.get(this.keys.name(name)).map((value) -> Long.parseLong(value.toUtf8())).orElse(0L) + 1;
		transaction.put(this.keys.name(name), Long.toString(next));
		return next;
	}

	private String value(String name) {
		return this.other.kv().get(this.keys.name(name)).first().map((kv) -> kv.value().toUtf8()).orElse("absent");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "READ_COMMITTED")
	void losesNoAdditionWhenManyAdd(IsolationLevel level) {
		Stm stm = Stm.of(this.client, StmOptions.defaults().withIsolation(level).withMaxAttempts(1000));

		Stream<CompletableFuture<?>> blocking = IntStream.range(0, 4)
			.mapToObj((i) -> CompletableFuture.runAsync(
					() -> IntStream.range(0, 10).forEach((n) -> stm.run((txn) -> add(txn, "sum"))), this.threads));
		Stream<CompletableFuture<?>> async = IntStream.range(0, 20)
			.mapToObj((i) -> stm.runAsync((txn) -> add(txn, "sum")));
		CompletableFuture.allOf(Stream.concat(blocking, async).toArray(CompletableFuture[]::new)).join();

		assertThat(value("sum")).isEqualTo("60");
	}

	@ParameterizedTest
	@EnumSource(names = { "SERIALIZABLE_SNAPSHOT", "SERIALIZABLE" })
	void readsOneRevisionAtTheFirstAttemptWhileOthersWriteWithoutAPause(IsolationLevel level) {
		List<ByteSequence> names = Stream.of("a", "b", "c", "d").map(this.keys::key).toList();
		Stm stm = Stm.of(this.client, StmOptions.defaults().withIsolation(level).withMaxAttempts(1));
		AtomicBoolean stopped = new AtomicBoolean();
		AtomicLong written = new AtomicLong();
		List<CompletableFuture<Void>> writers = IntStream.range(0, 2).mapToObj((i) -> CompletableFuture.runAsync(() -> {
			while (!stopped.get()) {
				ByteSequence value = ByteSequence.of(UUID.randomUUID().toString());
				written.accumulateAndGet(Stm.of(this.other).run((txn) -> {
					names.forEach((name) -> txn.put(name, value));
					return value;
				}).revision(), Math::max);
			}
		}, this.threads)).toList();
		await().until(() -> written.get() > 0);
		long first = written.get();

		for (int i = 0; i < 100; i++) {
			long before = written.get();
			StmResult<Long> seen = stm.run((txn) -> {
				assertThat(names.stream().map(txn::get).distinct()).hasSize(1);
				return txn.revision(names.get(0));
			});
			assertThat(seen.value()).isBetween(before, seen.revision());
		}

		stopped.set(true);
		writers.forEach(CompletableFuture::join);
		assertThat(written).hasValueGreaterThan(first + 100);
	}

	@Test
	void tellsTheRevisionOfItsWrites() {
		StmResult<Long> result = this.stm.run((txn) -> add(txn, "k"));

		KeyValue written = this.other.kv().get(this.keys.name("k")).first().orElseThrow();
		assertThat(result).isEqualTo(new StmResult<>(1L, written.modRevision()));
		assertThat(this.stm.run((txn) -> txn.revision(this.keys.key("k"))).value()).isEqualTo(written.modRevision());
	}

	@Test
	void writesNothingWhenTheBodyThrows() {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.stm.run((txn) -> {
			add(txn, "k");
			throw new IllegalStateException("aborted");
		})).withMessage("aborted");

		assertThat(value("k")).isEqualTo("absent");
	}

	@Test
	void beginsAnewWhenWhatItReadsAtIsCompacted() {
		AtomicInteger attempts = new AtomicInteger();
		this.other.kv().put(this.keys.name("b"), "old");

		String seen = this.stm.run((txn) -> {
			txn.get(this.keys.name("a"));
			if (attempts.incrementAndGet() == 1) {
				long revision = this.other.kv().put(this.keys.name("b"), "new").revision();
				this.other.kv().compact(CompactRequest.of(revision));
			}
			return txn.get(this.keys.name("b")).orElseThrow().toUtf8();
		}).value();

		assertThat(seen).isEqualTo("new");
		assertThat(attempts).hasValue(2);
	}

	@Test
	void putsOnALease() {
		LeaseId lease = this.client.lease().grant(Duration.ofMinutes(1)).id();
		ByteSequence key = this.keys.key("k");

		this.stm.run((txn) -> {
			txn.put(key, ByteSequence.of("v"), lease);
			return "put";
		});

		assertThat(this.other.kv().get(this.keys.name("k")).first().orElseThrow().lease()).isEqualTo(lease);
		this.client.lease().revoke(lease);
		assertThatExceptionOfType(LeaseNotFoundException.class).isThrownBy(() -> this.stm.run((txn) -> {
			txn.put(key, ByteSequence.of("v"), lease);
			return "put";
		}));
	}

	@Test
	void readsKeysAheadAndWithinANamespace() {
		this.other.kv().put(this.keys.name("a"), "1");
		Stm stm = Stm.of(this.client.withNamespace(this.keys.prefix()),
				StmOptions.defaults().withPrefetch(ByteSequence.of("a"), ByteSequence.of("b")));

		Map<ByteSequence, ByteSequence> found = stm.run((txn) -> {
			txn.put("c", "3");
			return txn.getAll(List.of(ByteSequence.of("a"), ByteSequence.of("b"), ByteSequence.of("c")));
		}).value();

		assertThat(found).containsOnly(Map.entry(ByteSequence.of("a"), ByteSequence.of("1")),
				Map.entry(ByteSequence.of("c"), ByteSequence.of("3")));
		assertThat(value("c")).isEqualTo("3");
	}

	@Test
	void isNotTooLargeForKeysThatWereReadAheadInVain() {
		ByteSequence[] ahead = IntStream.range(0, 100)
			.mapToObj((i) -> this.keys.key("k" + i))
			.toArray(ByteSequence[]::new);
		List<ByteSequence> read = IntStream.range(200, 300).mapToObj((i) -> this.keys.key("k" + i)).toList();
		Stm stm = Stm.of(this.client, StmOptions.defaults().withPrefetch(ahead));
		AtomicInteger attempts = new AtomicInteger();

		stm.run((txn) -> {
			txn.getAll(read);
			if (attempts.incrementAndGet() == 1) {
				this.other.kv().put(this.keys.name("k200"), "another's");
			}
			txn.put(read.get(0), ByteSequence.of("own"));
			return "put";
		});

		assertThat(attempts).hasValue(2);
		assertThat(value("k200")).isEqualTo("own");
	}

	@Test
	void failsWithTheServersWordWhenItIsTooLarge() {
		List<ByteSequence> many = IntStream.range(0, 129).mapToObj((i) -> this.keys.key("k" + i)).toList();

		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> this.stm.run((txn) -> txn.getAll(many)))
			.satisfies((failure) -> assertThat(failure.error()).contains(EtcdError.TOO_MANY_OPERATIONS));
		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> this.stm.run((txn) -> {
			many.forEach((key) -> txn.put(key, key));
			return "put";
		})).satisfies((failure) -> assertThat(failure.error()).contains(EtcdError.TOO_MANY_OPERATIONS));
	}

}
