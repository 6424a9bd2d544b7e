/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;

/**
 * Where an entry of a queue stands and whom it waits for: it owns once fewer rivals than
 * there are places were created before it.
 *
 * @param key the entry's key
 * @param rivals the keys it waits for; may hold its own
 * @param places how many may own at once, at least 1
 * @param chosen whether the key was made up, so that somebody else may have it
 */
record Place(ByteSequence key, KeyRange rivals, int places, boolean chosen) {

}
