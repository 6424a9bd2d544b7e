/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Under what conditions calls are made.
 *
 * @param timeout how long each may take, over all its attempts
 * @param requireLeader whether a member without leader is to refuse
 * @param ordered whether reads show no state older than the client has seen
 * @param namespace what is put before every key
 * @param member the one member to ask; {@code null} for whichever comes next
 * @param ownSteps whether the library's own steps follow from them, and not user code
 */
record CallSettings(Duration timeout, boolean requireLeader, boolean ordered, Namespace namespace,
		@Nullable Endpoint member, boolean ownSteps) {

	CallSettings withTimeout(Duration timeout) {
		return new CallSettings(timeout, this.requireLeader, this.ordered, this.namespace, this.member, this.ownSteps);
	}

	CallSettings withRequireLeader() {
		return new CallSettings(this.timeout, true, this.ordered, this.namespace, this.member, this.ownSteps);
	}

	CallSettings withOrdering() {
		return new CallSettings(this.timeout, this.requireLeader, true, this.namespace, this.member, this.ownSteps);
	}

	CallSettings within(Namespace namespace) {
		return new CallSettings(this.timeout, this.requireLeader, this.ordered, namespace, this.member, this.ownSteps);
	}

	CallSettings at(Endpoint member) {
		return new CallSettings(this.timeout, this.requireLeader, this.ordered, this.namespace, member, this.ownSteps);
	}

	CallSettings forOwnSteps() {
		return new CallSettings(this.timeout, this.requireLeader, this.ordered, this.namespace, this.member, true);
	}

}
