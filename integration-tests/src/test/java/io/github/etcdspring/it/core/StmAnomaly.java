/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.stm.Stm;
import io.github.etcdspring.stm.StmTransaction;

/**
 * What may go wrong between transactions, each brought about by what another client does
 * in the middle of the first attempt at one.
 */
enum StmAnomaly {

	/** Somebody sees what is not committed yet. */
	DIRTY_READ {
		@Override
		boolean happens(Stage stage) {
			AtomicBoolean seen = new AtomicBoolean();
			stage.run((txn) -> {
				txn.put(stage.name("x"), "1");
				stage.meanwhile(() -> seen.set(stage.number("x").isPresent()));
			});
			return seen.get();
		}
	},

	/** A transaction reads a key twice and finds two values. */
	NON_REPEATABLE_READ {
		@Override
		boolean happens(Stage stage) {
			AtomicBoolean changed = new AtomicBoolean();
			stage.run((txn) -> {
				long first = read(txn, stage, "x");
				stage.meanwhile(() -> stage.put("x", 1));
				if (read(txn, stage, "x") != first) {
					changed.set(true);
				}
			});
			return changed.get();
		}
	},

	/** A transaction sees one key before, another after somebody wrote both at once. */
	READ_SKEW {
		@Override
		boolean happens(Stage stage) {
			AtomicBoolean mixed = new AtomicBoolean();
			stage.run((txn) -> {
				long x = read(txn, stage, "x");
				stage.meanwhile(() -> stage.putBoth("x", "y", 1));
				if (read(txn, stage, "y") != x) {
					mixed.set(true);
				}
			});
			return mixed.get();
		}
	},

	/** A transaction commits what it made of a value that is no longer so. */
	STALE_READ {
		@Override
		boolean happens(Stage stage) {
			stage.put("x", 1);
			stage.run((txn) -> {
				long x = read(txn, stage, "x");
				stage.meanwhile(() -> stage.put("x", 2));
				txn.put(stage.name("copy"), Long.toString(x));
			});
			return !stage.number("copy").equals(stage.number("x"));
		}
	},

	/** A transaction commits though a key was added that it had found absent. */
	PHANTOM {
		@Override
		boolean happens(Stage stage) {
			stage.run((txn) -> {
				boolean absent = txn.get(stage.name("x")).isEmpty();
				stage.meanwhile(() -> stage.put("x", 1));
				txn.put(stage.name("absent"), absent ? "1" : "0");
			});
			return stage.number("absent").orElseThrow() == 1;
		}
	},

	/** A transaction commits though a key was deleted that it had read. */
	DELETED_READ {
		@Override
		boolean happens(Stage stage) {
			stage.put("x", 1);
			stage.run((txn) -> {
				long x = read(txn, stage, "x");
				stage.meanwhile(() -> stage.other().kv().delete(stage.name("x")));
				txn.put(stage.name("copy"), Long.toString(x));
			});
			return stage.number("copy").orElseThrow() == 1;
		}
	},

	/** Two add to one number, and one of them adds in vain. */
	LOST_UPDATE {
		@Override
		boolean happens(Stage stage) {
			stage.put("x", 0);
			stage.run((txn) -> {
				long x = read(txn, stage, "x");
				stage.meanwhile(() -> stage.put("x", 10));
				txn.put(stage.name("x"), Long.toString(x + 1));
			});
			return stage.number("x").orElseThrow() != 11;
		}
	},

	/** Each of two takes one off duty, since it sees the other on it. */
	WRITE_SKEW {
		@Override
		boolean happens(Stage stage) {
			stage.putBoth("x", "y", 1);
			stage.run((txn) -> {
				long onDuty = read(txn, stage, "x") + read(txn, stage, "y");
				stage.meanwhile(() -> stage.put("y", 0));
				if (onDuty == 2) {
					txn.put(stage.name("x"), "0");
				}
			});
			return stage.number("x").orElseThrow() + stage.number("y").orElseThrow() == 0;
		}
	},

	/** A key that was not read is overwritten, newer than all that was. */
	BLIND_OVERWRITE {
		@Override
		boolean happens(Stage stage) {
			stage.run((txn) -> {
				read(txn, stage, "x");
				stage.meanwhile(() -> stage.put("y", 1));
				txn.put(stage.name("y"), "2");
			});
			return stage.attempts().get() == 1;
		}
	};

	/**
	 * {@return whether it comes about}
	 * @param stage where to try it
	 */
	abstract boolean happens(Stage stage);

	private static long read(StmTransaction transaction, Stage stage, String name) {
		return transaction.get(stage.name(name)).map(Stage::parse).orElse(0L);
	}

	/**
	 * Where a transaction meets another client.
	 *
	 * @param stm runs the transaction
	 * @param other the other client
	 * @param keys what both write to
	 * @param attempts how often the body has begun
	 */
	record Stage(Stm stm, EtcdClient other, KeySpace keys, AtomicInteger attempts) {

		void run(Body body) {
			this.stm.run((txn) -> {
				this.attempts.incrementAndGet();
				body.run(txn);
				return "done";
			});
		}

		/** Lets the other client act, in the first attempt alone. */
		void meanwhile(Runnable action) {
			if (this.attempts.get() == 1) {
				action.run();
			}
		}

		String name(String name) {
			return this.keys.name(name);
		}

		void put(String name, long number) {
			this.other.kv().put(name(name), Long.toString(number));
		}

		void putBoth(String first, String second, long number) {
			this.other.kv()
				.txn()
				.then(PutRequest.of(name(first), Long.toString(number)),
						PutRequest.of(name(second), Long.toString(number)))
				.commit();
		}

		Optional<Long> number(String name) {
			return this.other.kv().get(name(name)).first().map((kv) -> parse(kv.value()));
		}

		private static long parse(ByteSequence value) {
			return Long.parseLong(value.toUtf8());
		}

	}

	/** A body without a value. */
	interface Body {

		void run(StmTransaction transaction);

	}

}
