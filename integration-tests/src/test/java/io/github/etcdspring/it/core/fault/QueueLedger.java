/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.Outcome;

/**
 * What was put into a queue and taken out of it: each element comes out once, unless its
 * dequeue may have been the one whose outcome is unknown; none comes out that was not put
 * in. Thread-safe.
 */
final class QueueLedger {

	private final AtomicInteger last = new AtomicInteger();

	private final Set<String> put = ConcurrentHashMap.newKeySet();

	private final Set<String> maybePut = ConcurrentHashMap.newKeySet();

	private final Queue<String> taken = new ConcurrentLinkedQueue<>();

	private final AtomicInteger maybeTaken = new AtomicInteger();

	private final AtomicInteger notApplied = new AtomicInteger();

	/** Puts an element that no other is like. */
	void enqueue(Enqueue queue) {
		String value = "element-" + this.last.incrementAndGet();
		try {
			queue.enqueue(ByteSequence.of(value));
			this.put.add(value);
		}
		catch (EtcdException ex) {
			if (ex.outcome() == Outcome.UNKNOWN) {
				this.maybePut.add(value);
			}
			else {
				this.notApplied.incrementAndGet();
			}
		}
	}

	/** Takes an element, and says whether there was one. */
	boolean dequeue(Dequeue queue) throws InterruptedException {
		try {
			Optional<KeyValue> element = queue.dequeue();
			element.ifPresent(this::took);
			return element.isPresent();
		}
		catch (EtcdException ex) {
			((ex.outcome() == Outcome.UNKNOWN) ? this.maybeTaken : this.notApplied).incrementAndGet();
			return true;
		}
	}

	void took(KeyValue element) {
		this.taken.add(element.value().toUtf8());
	}

	/** What is wrong, once the queue is empty; empty if nothing is. */
	List<String> objections() {
		List<String> objections = new ArrayList<>();
		Set<String> once = new HashSet<>();
		for (String value : this.taken) {
			if (!once.add(value)) {
				objections.add("taken twice: " + value);
			}
			if (!this.put.contains(value) && !this.maybePut.contains(value)) {
				objections.add("taken and not put: " + value);
			}
		}
		List<String> missing = this.put.stream().filter((value) -> !once.contains(value)).toList();
		if (missing.size() > this.maybeTaken.get()) {
			objections.add("lost, with " + this.maybeTaken.get() + " unknown outcomes: " + missing);
		}
		return objections;
	}

	/** How many were taken. */
	int number() {
		return this.taken.size();
	}

	@Override
	public String toString() {
		return "put " + this.put.size() + ", perhaps " + this.maybePut.size() + "; taken " + number() + ", perhaps "
				+ this.maybeTaken.get() + "; " + this.notApplied.get() + " not applied";
	}

	/** Puts an element into a queue. */
	interface Enqueue {

		void enqueue(ByteSequence value);

	}

	/** Takes an element out of a queue. */
	interface Dequeue {

		Optional<KeyValue> dequeue() throws InterruptedException;

	}

}
