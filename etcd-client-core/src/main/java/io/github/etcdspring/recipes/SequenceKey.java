/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.util.Locale;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.StatusCode;

/**
 * The keys of Go's {@code newSequentialKV}: below a prefix numbers of 16 digits, and
 * beside it a bookkeeping key that every new number writes. Immutable.
 */
final class SequenceKey {

	private final String prefix;

	SequenceKey(String prefix) {
		this.prefix = prefix;
	}

	/** Returns what stands before the numbers. */
	ByteSequence prefix() {
		return ByteSequence.of(this.prefix + "/");
	}

	/** Returns the key that every new number writes. */
	ByteSequence bookkeeping() {
		return ByteSequence.of("__" + this.prefix);
	}

	/**
	 * Returns the key that follows.
	 * @param last the last one there is
	 * @throws EtcdRequestException if that does not end with a number
	 */
	ByteSequence after(Optional<KeyValue> last) {
		long number = last.map((kv) -> number(kv.key()) + 1).orElse(0L);
		return ByteSequence.of(String.format(Locale.ROOT, "%s/%016d", this.prefix, number));
	}

	private static long number(ByteSequence key) {
		String text = key.toUtf8();
		String digits = text.substring(text.lastIndexOf('/') + 1);
		if (!digits.matches("[0-9]{1,18}")) {
			throw new EtcdRequestException(
					FailureDetails.local("the key " + key + " stands in a sequence and ends with no number",
							StatusCode.FAILED_PRECONDITION),
					null);
		}
		return Long.parseLong(digits);
	}

}
