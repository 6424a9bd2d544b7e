/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Says whether what owners claimed can all have been true (L1, E1): whoever asks whether
 * it owns and is told that it does, began to ask before anybody with a higher token had
 * been told that it owns. All times are readings of one monotonic clock, which all
 * processes of one machine share.
 */
public final class ClaimChecker {

	private ClaimChecker() {
	}

	/**
	 * Checks the claims on one lock, or on one election.
	 * @param grants who was told that it owns
	 * @param claims who was told that it still does
	 * @return what is wrong; empty if nothing is
	 */
	public static List<String> objections(List<Grant> grants, List<Claim> claims) {
		NavigableMap<Long, Grant> byToken = new TreeMap<>();
		grants.forEach((grant) -> byToken.put(grant.token(), grant));
		NavigableMap<Long, Grant> earliestFrom = new TreeMap<>();
		Grant earliest = new Grant(Long.MAX_VALUE, Long.MAX_VALUE);
		for (Grant grant : byToken.descendingMap().values()) {
			earliest = (grant.nanos() < earliest.nanos()) ? grant : earliest;
			earliestFrom.put(grant.token(), earliest);
		}
		return claims.stream().filter((claim) -> {
			var later = earliestFrom.higherEntry(claim.token());
			return later != null && later.getValue().nanos() < claim.nanos();
		})
			.map((claim) -> "overlap: " + claim + " came after " + earliestFrom.higherEntry(claim.token()).getValue())
			.toList();
	}

	/**
	 * Somebody was told that it owns.
	 *
	 * @param token its fencing token
	 * @param nanos when; a moment later does no harm
	 */
	public record Grant(long token, long nanos) {

	}

	/**
	 * Somebody asked whether it owns, and was told that it does.
	 *
	 * @param token its fencing token
	 * @param nanos when it began to ask; a moment earlier does no harm
	 */
	public record Claim(long token, long nanos) {

	}

}
