/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link EtcdPriorityQueue}: its keys, and enqueues that meet.
 */
class EtcdPriorityQueueTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private QueueStore store;

	private EtcdPriorityQueue queue;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		this.queue = EtcdPriorityQueue.of(this.cluster.client(this.member), "queue");
	}

	private String enqueue(String value, int priority) {
		return this.queue.enqueue(ByteSequence.of(value), priority).toUtf8();
	}

	private String dequeue() {
		return resultOf(this.queue.dequeueAsync()).value().toUtf8();
	}

	@Test
	void writesKeysAsGoDoes() {
		assertThat(enqueue("a", 7)).isEqualTo("queue/00007/0000000000000000");
		assertThat(enqueue("b", 7)).isEqualTo("queue/00007/0000000000000001");
		assertThat(enqueue("c", 65535)).isEqualTo("queue/65535/0000000000000000");

		assertThat(this.store.keys()).containsExactly("__queue/00007", "__queue/65535", "queue/00007/0000000000000000",
				"queue/00007/0000000000000001", "queue/65535/0000000000000000");
	}

	@Test
	void takesTheLowestNumberFirstAndOfThoseTheOldest() {
		enqueue("low 1", 10);
		enqueue("high 1", 2);
		enqueue("low 2", 10);
		enqueue("high 2", 2);

		assertThat(dequeue()).isEqualTo("high 1");
		assertThat(dequeue()).isEqualTo("high 2");
		assertThat(dequeue()).isEqualTo("low 1");
		assertThat(dequeue()).isEqualTo("low 2");
		assertThat(resultOf(this.queue.pollAsync())).isEmpty();
	}

	@Test
	void triesAgainWhenSomebodyElseEnqueuedMeanwhile() {
		this.member.txn().then((call) -> {
			this.store.put("__queue/00001");
			this.store.put("queue/00001/0000000000000000", "another's");
			call.answer(this.store.commit(call.request()));
		});

		assertThat(enqueue("own", 1)).isEqualTo("queue/00001/0000000000000001");

		assertThat(dequeue()).isEqualTo("another's");
		assertThat(dequeue()).isEqualTo("own");
	}

	@Test
	void doesNotGoBackInTheSequenceWhenTheLastIsTakenMeanwhile() {
		enqueue("a", 1);
		this.member.txn().then((call) -> {
			this.store.put("__queue/00001");
			this.store.put("queue/00001/0000000000000001", "b");
			this.store.delete("queue/00001/0000000000000000");
			this.store.delete("queue/00001/0000000000000001");
			call.answer(this.store.commit(call.request()));
		});

		assertThat(enqueue("c", 1)).isEqualTo("queue/00001/0000000000000000");
		assertThat(dequeue()).isEqualTo("c");
	}

	@Test
	void saysThatAnElementMayBeThereWhenTheAnswerIsLost() {
		this.member.txn().thenFail(Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));

		assertThat(failureOf(this.queue.enqueueAsync(ByteSequence.of("a"), 1))).isInstanceOfSatisfying(
				EtcdException.class, (failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));
		assertThat(this.member.txn().count()).isEqualTo(1);
	}

	@Test
	void refusesToFollowAKeyThatIsNotOfTheRecipe() {
		this.store.put("queue/00001/last");

		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> enqueue("a", 1))
			.withMessageContaining("the key queue/00001/last stands in a sequence and ends with no number");
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 65536 })
	void refusesAPriorityOutOfItsRange(int priority) {
		assertThatIllegalArgumentException().isThrownBy(() -> enqueue("a", priority))
			.withMessage("priority: " + priority + " (expected: 0 to 65535)");
	}

}
