/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

/**
 * What a call of etcd returned: whatever else it is, it names the member that answered
 * and the revision of the store then.
 */
public interface EtcdResult {

	/**
	 * Returns the header of the answer.
	 * @return the header
	 */
	ResponseHeader header();

}
