/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an import of {@code etcd:} that cannot be read.
 */
final class InvalidConfigImportFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConfigImportException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidConfigImportException cause) {
		return new FailureAnalysis("The import '" + cause.location() + "' in 'spring.config.import' is not valid.",
				"Write 'etcd:' for the contexts of this application, or 'etcd:' followed by the keys to read under, "
						+ "separated by ';', such as 'etcd:config/shared;config/orders'. Options follow in properties under 'etcd.config'.",
				cause);
	}

}
