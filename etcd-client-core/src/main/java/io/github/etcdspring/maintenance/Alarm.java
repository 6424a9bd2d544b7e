/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import io.github.etcdspring.MemberId;

/**
 * An alarm that a member raised. It lasts until it is disarmed, also when its reason is
 * gone.
 *
 * @param member the member
 * @param type what is wrong with it
 */
public record Alarm(MemberId member, AlarmType type) {

}
