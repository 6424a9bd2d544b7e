/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Contender}: keys that cannot be made up.
 */
class ContenderTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private QueueStore store;

	private Session session;

	@BeforeEach
	void open() {
		ScriptedEtcd member = this.cluster.member();
		this.store = new QueueStore().serve(member);
		this.session = this.cluster.session(this.cluster.client(member), Duration.ofSeconds(60));
	}

	private static Contender contender(Supplier<ByteSequence> keys) {
		return new Contender(keys, KeyRange.prefix("name/"), 1);
	}

	@Test
	void failsWithWhatItsKeysThrow() {
		IllegalStateException failure = new IllegalStateException("no key");
		Contender contender = contender(() -> {
			throw failure;
		});

		assertThat(failureOf(contender.enter(this.session))).isSameAs(failure);
		assertThat(failureOf(contender.tryEnter(this.session))).isSameAs(failure);
	}

	@Test
	void failsWithAnErrorOfItsKeys() {
		Contender contender = contender(() -> {
			throw new StackOverflowError("no end");
		});

		assertThat(failureOf(contender.enter(this.session))).isInstanceOf(StackOverflowError.class);
	}

	@Test
	@SuppressWarnings("NullAway")
	void failsWhenItsKeyIsNull() {
		assertThat(failureOf(contender(() -> null).enter(this.session))).isInstanceOf(NullPointerException.class)
			.hasMessage("key");
	}

	@Test
	void failsWhenAnotherKeyCannotBeMadeUp() {
		this.store.put("name/1");
		Iterator<ByteSequence> keys = List.of(ByteSequence.of("name/1")).iterator();

		assertThat(failureOf(contender(keys::next).enter(this.session))).isInstanceOf(NoSuchElementException.class);

		assertThat(resultOf(contender(() -> ByteSequence.of("other")).tryEnter(this.session))).isEmpty();
	}

	@Test
	void makesUpItsKeysOnNoThreadOfTheConnection() {
		this.store.put("name/1");
		this.store.put("name/2");
		Iterator<String> keys = List.of("name/1", "name/2", "name/3").iterator();
		Queue<String> threads = new ConcurrentLinkedQueue<>();
		Contender contender = contender(() -> {
			threads.add(Thread.currentThread().getName());
			return ByteSequence.of(keys.next());
		});

		assertThat(resultOf(contender.tryEnter(this.session))).isEmpty();

		assertThat(threads).hasSize(3).noneMatch((name) -> name.startsWith("grpc-"));
	}

}
