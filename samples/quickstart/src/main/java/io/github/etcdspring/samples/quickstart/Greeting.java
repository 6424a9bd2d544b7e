/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.stereotype.Component;

/**
 * A greeting from the configuration. In refresh scope, it follows etcd:
 * {@code etcdctl put config/quickstart/demo.greeting Hi}.
 */
@Component
@RefreshScope
class Greeting {

	@Value("${demo.greeting:Hello}")
	private String text = "";

	String text() {
		return this.text;
	}

}
