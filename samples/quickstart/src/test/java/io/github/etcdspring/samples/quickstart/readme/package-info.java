/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The README's snippets, word for word;
 * {@link io.github.etcdspring.samples.quickstart.ReadmeTests} compares.
 */
@NullMarked
package io.github.etcdspring.samples.quickstart.readme;

import org.jspecify.annotations.NullMarked;
