/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A certificate and its private key, as files that etcd, etcdctl and Java clients read.
 * Immutable.
 *
 * @param certificate the X.509 certificate, PEM
 * @param key the private key, PKCS#8 in PEM, not encrypted
 */
public record CertificateFiles(Path certificate, Path key) {

	/**
	 * Names the two files; whether they exist is not checked.
	 * @param certificate the X.509 certificate, PEM
	 * @param key the private key, PKCS#8 in PEM, not encrypted
	 */
	public CertificateFiles {
		Objects.requireNonNull(certificate, "certificate");
		Objects.requireNonNull(key, "key");
	}

}
