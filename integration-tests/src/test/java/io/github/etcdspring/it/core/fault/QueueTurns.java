/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;

/**
 * The turns of those who stand in one queue, whatever program they are: each writes its
 * token when it is told that its turn has come, and again before it gives the turn on,
 * both only as long as its own key stands. So etcd's history tells whether two turns
 * overlapped, and whether anybody had a turn before one whose key is older. Thread-safe.
 */
final class QueueTurns {

	/** How long a turn lasts. */
	private static final long TURN = Duration.ofMillis(10).toNanos();

	private final KeyRange queue;

	private final ByteSequence log;

	/** For each kind of program, how many whole turns it had. */
	private final Map<String, Integer> had = new ConcurrentHashMap<>();

	/**
	 * Creates the turns of a queue.
	 * @param keys where the turns are written
	 * @param name of the lock or the election
	 */
	QueueTurns(KeySpace keys, String name) {
		this.queue = KeyRange.prefix(keys.name(name) + "/");
		this.log = keys.key("turns-" + name);
	}

	/**
	 * Has a turn.
	 * @param who what kind of program has it
	 * @param key the key that stands for it
	 * @param token the revision that created the key
	 * @param client writes
	 */
	void have(String who, ByteSequence key, long token, EtcdClient client) {
		Compare stands = Compare.createRevision(KeyRange.key(key), Compare.Relation.EQUAL, token);
		try {
			boolean begun = write(client, stands, token);
			LockSupport.parkNanos(TURN);
			if (begun && write(client, stands, token)) {
				this.had.merge(who, 1, Integer::sum);
			}
		}
		catch (EtcdException ex) {
			// whether it was written is read in the history
			this.had.merge("cut short", 1, Integer::sum);
		}
	}

	private boolean write(EtcdClient client, Compare stands, long token) {
		PutRequest put = PutRequest.of(this.log, ByteSequence.of(Long.toString(token)));
		return client.kv().txn().when(stands).then(put).commit().succeeded();
	}

	/** How many whole turns a kind of program had. */
	int had(String who) {
		return this.had.getOrDefault(who, 0);
	}

	/** The key of a program that says which it is, if it stands in the queue. */
	Optional<KeyValue> find(EtcdClient client, ByteSequence value) {
		return client.kv().get(this.queue).kvs().stream().filter((kv) -> kv.value().equals(value)).findFirst();
	}

	/** What is wrong with the turns; empty if nothing is. */
	List<String> objections(History history) {
		return objections(history, this.queue, this.log);
	}

	/** What is wrong with the turns that a log tells; empty if nothing is. */
	static List<String> objections(History history, KeyRange queue, ByteSequence log) {
		List<String> objections = new ArrayList<>();
		Map<ByteSequence, Long> standing = new HashMap<>();
		long last = 0;
		for (var revision : history.revisions().entrySet()) {
			for (var change : revision.getValue().entrySet()) {
				if (change.getKey().equals(log)) {
					long token = Long.parseLong(change.getValue().orElseThrow().toUtf8());
					if (token < last) {
						objections.add("overlap: the turn of " + token + " went on after that of " + last);
					}
					standing.forEach((key, created) -> {
						if (created < token) {
							objections.add("out of turn: " + token + " before " + created + " with " + key);
						}
					});
					last = Math.max(last, token);
				}
				else if (queue.contains(change.getKey())) {
					if (change.getValue().isPresent()) {
						standing.putIfAbsent(change.getKey(), revision.getKey());
					}
					else {
						standing.remove(change.getKey());
					}
				}
			}
		}
		return objections;
	}

	/** Names the number of turns of each kind of program. */
	@Override
	public String toString() {
		return "turns " + this.had;
	}

}
