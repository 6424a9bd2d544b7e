/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.client;

import io.github.etcdspring.it.rules.planted.testing.StillClock;

/**
 * Breaks {@code nothingUsesWhatIsForTests}.
 */
record CallOnFakeTime(StillClock clock) {

}
