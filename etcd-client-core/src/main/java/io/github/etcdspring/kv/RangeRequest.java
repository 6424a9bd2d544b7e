/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import io.github.etcdspring.KeyRange;

/**
 * What to read: etcd's {@code RangeRequest}. Immutable.
 */
public final class RangeRequest implements TxnOperation {

	/** The order of the keys in the answer. */
	public enum SortOrder {

		/** Lowest first. */
		ASCEND,

		/** Highest first. */
		DESCEND

	}

	/** What the keys in the answer are ordered by. */
	public enum SortTarget {

		/** The key's bytes. */
		KEY,

		/** The number of writes since creation. */
		VERSION,

		/** The revision that created the key. */
		CREATE,

		/** The revision that wrote the key last. */
		MOD,

		/** The value's bytes. */
		VALUE

	}

	private final KeyRange range;

	private final long limit;

	private final long revision;

	private final SortTarget sortTarget;

	private final SortOrder sortOrder;

	private final boolean serializable;

	private final boolean keysOnly;

	private final boolean countOnly;

	private final long minModRevision;

	private final long maxModRevision;

	private final long minCreateRevision;

	private final long maxCreateRevision;

	private RangeRequest(Builder builder) {
		this.range = builder.range;
		this.limit = builder.limit;
		this.revision = builder.revision;
		this.sortTarget = builder.sortTarget;
		this.sortOrder = builder.sortOrder;
		this.serializable = builder.serializable;
		this.keysOnly = builder.keysOnly;
		this.countOnly = builder.countOnly;
		this.minModRevision = builder.minModRevision;
		this.maxModRevision = builder.maxModRevision;
		this.minCreateRevision = builder.minCreateRevision;
		this.maxCreateRevision = builder.maxCreateRevision;
	}

	/**
	 * Returns a linearizable read of a range at the present revision, ordered by key.
	 * @param range the keys
	 * @return the request
	 */
	public static RangeRequest of(KeyRange range) {
		return builder(range).build();
	}

	/**
	 * Begins a request with options.
	 * @param range the keys
	 * @return a builder
	 */
	public static Builder builder(KeyRange range) {
		return new Builder(range);
	}

	/**
	 * Returns the keys to read.
	 * @return the range
	 */
	public KeyRange range() {
		return this.range;
	}

	/**
	 * Returns how many keys to return at most.
	 * @return the limit; 0 for none
	 */
	public long limit() {
		return this.limit;
	}

	/**
	 * Returns the revision to read at.
	 * @return the revision; 0 for the present one
	 */
	public long revision() {
		return this.revision;
	}

	/**
	 * Returns what to order by.
	 * @return the target, {@link SortTarget#KEY} by default
	 */
	public SortTarget sortTarget() {
		return this.sortTarget;
	}

	/**
	 * Returns the order.
	 * @return the order, {@link SortOrder#ASCEND} by default
	 */
	public SortOrder sortOrder() {
		return this.sortOrder;
	}

	/**
	 * Whether the member that is asked may answer from its own, possibly stale, state.
	 * @return whether the read is serializable rather than linearizable
	 */
	public boolean isSerializable() {
		return this.serializable;
	}

	/**
	 * Whether the values are left out of the answer.
	 * @return whether only keys are read
	 */
	public boolean isKeysOnly() {
		return this.keysOnly;
	}

	/**
	 * Whether the answer holds the number of keys alone.
	 * @return whether keys are only counted
	 */
	public boolean isCountOnly() {
		return this.countOnly;
	}

	/**
	 * Returns the lowest modification revision of the keys returned.
	 * @return the bound, inclusive; 0 for none
	 */
	public long minModRevision() {
		return this.minModRevision;
	}

	/**
	 * Returns the highest modification revision of the keys returned.
	 * @return the bound, inclusive; 0 for none
	 */
	public long maxModRevision() {
		return this.maxModRevision;
	}

	/**
	 * Returns the lowest creation revision of the keys returned.
	 * @return the bound, inclusive; 0 for none
	 */
	public long minCreateRevision() {
		return this.minCreateRevision;
	}

	/**
	 * Returns the highest creation revision of the keys returned.
	 * @return the bound, inclusive; 0 for none
	 */
	public long maxCreateRevision() {
		return this.maxCreateRevision;
	}

	@Override
	public String toString() {
		return "RangeRequest[" + this.range + ((this.revision != 0) ? " @ " + this.revision : "") + "]";
	}

	/**
	 * Collects the options of a read. Not thread-safe.
	 */
	public static final class Builder {

		private final KeyRange range;

		private long limit;

		private long revision;

		private SortTarget sortTarget = SortTarget.KEY;

		private SortOrder sortOrder = SortOrder.ASCEND;

		private boolean serializable;

		private boolean keysOnly;

		private boolean countOnly;

		private long minModRevision;

		private long maxModRevision;

		private long minCreateRevision;

		private long maxCreateRevision;

		private Builder(KeyRange range) {
			this.range = range;
		}

		/**
		 * Returns at most so many keys, the first in the order asked for.
		 * @param limit the number, above 0
		 * @return this builder
		 * @throws IllegalArgumentException if it is not above 0
		 */
		public Builder limit(long limit) {
			this.limit = positive("limit", limit);
			return this;
		}

		/**
		 * Reads the store as it was at a revision.
		 * @param revision the revision, above 0
		 * @return this builder
		 * @throws IllegalArgumentException if it is not above 0
		 */
		public Builder revision(long revision) {
			this.revision = positive("revision", revision);
			return this;
		}

		/**
		 * Orders the keys. The limit is applied after it.
		 * @param target what to order by
		 * @param order which end comes first
		 * @return this builder
		 */
		public Builder sort(SortTarget target, SortOrder order) {
			this.sortTarget = target;
			this.sortOrder = order;
			return this;
		}

		/**
		 * Returns the first key alone, by an order: the lowest, the one created first,
		 * the one that has not been written for longest.
		 * @param target what to order by
		 * @return this builder
		 */
		public Builder first(SortTarget target) {
			return sort(target, SortOrder.ASCEND).limit(1);
		}

		/**
		 * Returns the last key alone, by an order: the highest, the one created last, the
		 * one written last.
		 * @param target what to order by
		 * @return this builder
		 */
		public Builder last(SortTarget target) {
			return sort(target, SortOrder.DESCEND).limit(1);
		}

		/**
		 * Lets the member that is asked answer from its own state, which may be stale,
		 * without asking the others.
		 * @return this builder
		 */
		public Builder serializable() {
			this.serializable = true;
			return this;
		}

		/**
		 * Leaves the values out of the answer.
		 * @return this builder
		 */
		public Builder keysOnly() {
			this.keysOnly = true;
			return this;
		}

		/**
		 * Returns the number of keys in the range and no keys. A limit, an order and
		 * bounds on revisions do not go with it: etcd counts the whole range.
		 * @return this builder
		 */
		public Builder countOnly() {
			this.countOnly = true;
			return this;
		}

		/**
		 * Leaves out keys that were last written before a revision.
		 * @param revision the bound, inclusive, above 0
		 * @return this builder
		 * @throws IllegalArgumentException if it is not above 0
		 */
		public Builder minModRevision(long revision) {
			this.minModRevision = positive("minModRevision", revision);
			return this;
		}

		/**
		 * Leaves out keys that were last written after a revision.
		 * @param revision the bound, inclusive, above 0
		 * @return this builder
		 * @throws IllegalArgumentException if it is not above 0
		 */
		public Builder maxModRevision(long revision) {
			this.maxModRevision = positive("maxModRevision", revision);
			return this;
		}

		/**
		 * Leaves out keys that were created before a revision.
		 * @param revision the bound, inclusive, above 0
		 * @return this builder
		 * @throws IllegalArgumentException if it is not above 0
		 */
		public Builder minCreateRevision(long revision) {
			this.minCreateRevision = positive("minCreateRevision", revision);
			return this;
		}

		/**
		 * Leaves out keys that were created after a revision.
		 * @param revision the bound, inclusive, above 0
		 * @return this builder
		 * @throws IllegalArgumentException if it is not above 0
		 */
		public Builder maxCreateRevision(long revision) {
			this.maxCreateRevision = positive("maxCreateRevision", revision);
			return this;
		}

		/**
		 * Returns the request.
		 * @return a request that later changes of this builder do not reach
		 * @throws IllegalArgumentException if a count has an option that etcd does not
		 * apply to one, or if a lowest revision is above the highest
		 */
		public RangeRequest build() {
			RangeRequest request = new RangeRequest(this);
			RangeOptions.check(request);
			return request;
		}

		private static long positive(String name, long value) {
			if (value <= 0) {
				throw new IllegalArgumentException(name + ": " + value + " (expected: above 0; leave it out for none)");
			}
			return value;
		}

	}

}
