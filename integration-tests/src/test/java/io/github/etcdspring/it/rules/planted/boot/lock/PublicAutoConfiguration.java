/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.boot.lock;

import io.github.etcdspring.it.rules.planted.boot.leader.Leading;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/**
 * Breaks {@code autoConfigurationsAreFinalWithNoPublicMembers},
 * {@code springFeaturesDoNotDependOnEachOther} and
 * {@code conditionsAndListenersAreNotPublic}.
 */
@AutoConfiguration
public class PublicAutoConfiguration implements ApplicationListener<ApplicationEvent> {

	/**
	 * {@return a bean of another feature}
	 */
	@Bean
	public Leading leading() {
		return new Leading();
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
	}

}
