/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.MemberId;

/**
 * etcd's Maintenance service. Every operation is a pair, with the rules of
 * {@link io.github.etcdspring.kv.KvClient}. Thread-safe.
 * <p>
 * Status, defragmentation, hash and snapshot concern the member that answers. Where a
 * method takes an endpoint, that member alone is asked, on a connection of the call's own
 * that is closed with it. An endpoint is written as in the client's options, and is
 * plaintext or TLS as they are; else the method throws an
 * {@link IllegalArgumentException} that says so. It need not be one of them, but is a
 * member of the same cluster.
 * <p>
 * With authentication enabled most of these calls need the role root; which do not
 * depends on the version of etcd. All but defragmentations and the steps of a downgrade
 * are repeated while the cluster is unavailable, within the request timeout.
 */
public interface MaintenanceClient {

	/** How long a defragmentation may take unless the caller says otherwise: 10 min. */
	Duration DEFRAGMENT_TIMEOUT = Duration.ofMinutes(10);

	/**
	 * Asks whichever member comes next for its status. A learner answers too.
	 * @return what the member says of itself
	 * @throws EtcdException if the call failed
	 */
	MemberStatus status();

	/**
	 * Asks a member for its status: the asynchronous form of {@link #status()}.
	 * @return the future status
	 */
	CompletableFuture<MemberStatus> statusAsync();

	/**
	 * Asks one member for its status.
	 * @param endpoint the member's client address
	 * @return what the member says of itself
	 * @throws EtcdException if the call failed
	 */
	MemberStatus status(String endpoint);

	/**
	 * Asks one member for its status: the asynchronous form of {@link #status(String)}.
	 * @param endpoint the member's client address
	 * @return the future status
	 */
	CompletableFuture<MemberStatus> statusAsync(String endpoint);

	/**
	 * Lists the alarms of the whole cluster.
	 * @return those that are raised
	 * @throws EtcdException if the call failed
	 */
	AlarmsResult alarms();

	/**
	 * Lists the alarms: the asynchronous form of {@link #alarms()}.
	 * @return the future list
	 */
	CompletableFuture<AlarmsResult> alarmsAsync();

	/**
	 * Takes an alarm back. Remove its reason first: etcd raises it again when it meets
	 * it.
	 * @param alarm the alarm, of a member that is named
	 * @return the alarm that was taken back; none if it was not raised, also when an
	 * attempt whose answer was lost had taken it back
	 * @throws IllegalArgumentException if the member is {@link MemberId#NONE}, which etcd
	 * takes for a member's id
	 * @throws EtcdException if the call failed
	 */
	AlarmsResult disarm(Alarm alarm);

	/**
	 * Takes an alarm back: the asynchronous form of {@link #disarm(Alarm)}.
	 * @param alarm the alarm, of a member that is named
	 * @return the future result
	 */
	CompletableFuture<AlarmsResult> disarmAsync(Alarm alarm);

	/**
	 * Lists the alarms, then takes them back one after the other, each in a call of its
	 * own.
	 * @return those that were taken back, with the header of the last answer
	 * @throws EtcdException if a call failed; alarms that were taken back before stay so
	 */
	AlarmsResult disarmAll();

	/**
	 * Takes all alarms back: the asynchronous form of {@link #disarmAll()}.
	 * @return the future result
	 */
	CompletableFuture<AlarmsResult> disarmAllAsync();

	/**
	 * Gives the disk what compactions have freed in a member's database, within
	 * {@link #DEFRAGMENT_TIMEOUT}: see {@link #defragment(String, Duration)}.
	 * @param endpoint the member's client address
	 * @return an empty answer
	 * @throws EtcdException if the defragmentation failed
	 */
	default DefragmentResult defragment(String endpoint) {
		return defragment(endpoint, DEFRAGMENT_TIMEOUT);
	}

	/**
	 * Defragments a member's database: the asynchronous form of
	 * {@link #defragment(String)}.
	 * @param endpoint the member's client address
	 * @return the future result
	 */
	default CompletableFuture<DefragmentResult> defragmentAsync(String endpoint) {
		return defragmentAsync(endpoint, DEFRAGMENT_TIMEOUT);
	}

	/**
	 * Gives the disk what compactions have freed in a member's database. The member
	 * serves neither reads nor writes meanwhile: do one member at a time. The member is
	 * asked for its status first, so that one that cannot be reached is known within the
	 * request timeout. Never repeated: a call that fails with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} may go on at the member.
	 * @param endpoint the member's client address
	 * @param timeout how long the defragmentation may take, above zero, in place of the
	 * request timeout: a few seconds for each GiB, or minutes on a slow disk
	 * @return an empty answer
	 * @throws IllegalArgumentException if {@code timeout} is not above zero
	 * @throws EtcdException if the defragmentation failed
	 */
	DefragmentResult defragment(String endpoint, Duration timeout);

	/**
	 * Defragments a member's database: the asynchronous form of
	 * {@link #defragment(String, Duration)}.
	 * @param endpoint the member's client address
	 * @param timeout how long the defragmentation may take, above zero
	 * @return the future result
	 */
	CompletableFuture<DefragmentResult> defragmentAsync(String endpoint, Duration timeout);

	/**
	 * Hashes all keys of a member up to its newest revision.
	 * @param endpoint the member's client address
	 * @return the hash
	 * @throws EtcdException if the call failed
	 */
	default HashKvResult hashKv(String endpoint) {
		return hashKv(endpoint, 0);
	}

	/**
	 * Hashes all keys of a member: the asynchronous form of {@link #hashKv(String)}.
	 * @param endpoint the member's client address
	 * @return the future hash
	 */
	default CompletableFuture<HashKvResult> hashKvAsync(String endpoint) {
		return hashKvAsync(endpoint, 0);
	}

	/**
	 * Hashes all keys of a member up to a revision, with their history: to compare
	 * members.
	 * @param endpoint the member's client address
	 * @param revision the revision, from the compacted one on; 0 for the newest
	 * @return the hash
	 * @throws IllegalArgumentException if {@code revision} is negative
	 * @throws io.github.etcdspring.CompactedException if the revision is compacted
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if the member has not reached the
	 * revision
	 */
	HashKvResult hashKv(String endpoint, long revision);

	/**
	 * Hashes all keys of a member up to a revision: the asynchronous form of
	 * {@link #hashKv(String, long)}.
	 * @param endpoint the member's client address
	 * @param revision the revision; 0 for the newest
	 * @return the future hash
	 */
	CompletableFuture<HashKvResult> hashKvAsync(String endpoint, long revision);

	/**
	 * Hands leadership over to a member, and waits until it leads. Only the leader can do
	 * so: it is found by the status of the client's endpoints, and looked for once more
	 * if it has changed meanwhile. Does nothing if the member leads already.
	 * @param target the member that is to lead: one with a vote
	 * @return an empty answer
	 * @throws IllegalArgumentException if {@code target} is {@link MemberId#NONE}
	 * @throws EtcdException if leadership was not handed over; an
	 * {@link io.github.etcdspring.EtcdRequestException} of the code
	 * {@link io.github.etcdspring.StatusCode#FAILED_PRECONDITION} if the target is no
	 * member or a learner, if the leader is none of the client's endpoints, or if it
	 * changed twice
	 */
	MoveLeaderResult moveLeader(MemberId target);

	/**
	 * Hands leadership over: the asynchronous form of {@link #moveLeader(MemberId)}.
	 * @param target the member that is to lead
	 * @return the future result
	 */
	CompletableFuture<MoveLeaderResult> moveLeaderAsync(MemberId target);

	/**
	 * Asks whether the cluster could be downgraded to a version; changes nothing. Since
	 * etcd 3.5.
	 * @param version the version to go to, one minor below the cluster's: major and
	 * minor, such as {@code 3.5}
	 * @return the version that the cluster is at now
	 * @throws IllegalArgumentException if {@code version} is not one
	 * @throws io.github.etcdspring.EtcdUnsupportedException if the server is older
	 * @throws EtcdException if the cluster could not, or the call failed
	 */
	DowngradeResult validateDowngrade(String version);

	/**
	 * Asks whether the cluster could be downgraded: the asynchronous form of
	 * {@link #validateDowngrade(String)}.
	 * @param version the version to go to
	 * @return the future result
	 */
	CompletableFuture<DowngradeResult> validateDowngradeAsync(String version);

	/**
	 * Begins a downgrade: members of the older version may then join, one after the other
	 * in place of the newer ones. It ends by itself when all are. Since etcd 3.5, which
	 * begins it and never says so: there the call fails after some seconds with the
	 * outcome {@link io.github.etcdspring.Outcome#UNKNOWN}, and another one tells.
	 * @param version the version to go to, one minor below the cluster's: major and
	 * minor, such as {@code 3.5}
	 * @return the version that the cluster is at now
	 * @throws IllegalArgumentException if {@code version} is not one
	 * @throws io.github.etcdspring.EtcdUnsupportedException if the server is older
	 * @throws EtcdException if the downgrade did not begin; its
	 * {@link EtcdException#error()} says if one is under way
	 */
	DowngradeResult enableDowngrade(String version);

	/**
	 * Begins a downgrade: the asynchronous form of {@link #enableDowngrade(String)}.
	 * @param version the version to go to
	 * @return the future result
	 */
	CompletableFuture<DowngradeResult> enableDowngradeAsync(String version);

	/**
	 * Gives up a downgrade that is under way. Since etcd 3.5, which does not say so
	 * either.
	 * @return the version that the cluster is at now
	 * @throws io.github.etcdspring.EtcdUnsupportedException if the server is older
	 * @throws EtcdException if the downgrade was not given up; its
	 * {@link EtcdException#error()} says if there is none
	 */
	DowngradeResult cancelDowngrade();

	/**
	 * Gives up a downgrade: the asynchronous form of {@link #cancelDowngrade()}.
	 * @return the future result
	 */
	CompletableFuture<DowngradeResult> cancelDowngradeAsync();

	/**
	 * Returns the database of whichever member comes next, to be streamed or saved.
	 * @return a snapshot that nothing was asked for yet
	 */
	Snapshot snapshot();

	/**
	 * Returns the database of one member, to be streamed or saved. A learner's too, since
	 * etcd 3.4.28 and 3.5.
	 * @param endpoint the member's client address
	 * @return a snapshot that nothing was asked for yet
	 */
	Snapshot snapshot(String endpoint);

}
