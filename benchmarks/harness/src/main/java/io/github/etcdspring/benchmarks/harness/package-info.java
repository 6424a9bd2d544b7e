/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What is measured and how: the client as scenarios see it, the scenarios, and the meter.
 * Runs in the JVM of the client that is measured, and depends on nothing.
 */
@NullMarked
package io.github.etcdspring.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
