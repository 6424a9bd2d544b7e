/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

/**
 * A number of JSON, kept as it was written: reading and writing it again changes nothing.
 *
 * @param text its digits, sign, fraction and exponent
 */
record JsonNumber(String text) {

}
