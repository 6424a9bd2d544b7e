/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/**
 * Every event of its application context, in the order of their arrival.
 */
@Component
class Events implements ApplicationListener<ApplicationEvent> {

	private final List<ApplicationEvent> all = new CopyOnWriteArrayList<>();

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		this.all.add(event);
	}

	<T extends ApplicationEvent> List<T> of(Class<T> type) {
		return this.all.stream().filter(type::isInstance).map(type::cast).toList();
	}

	int count(Class<? extends ApplicationEvent> type) {
		return of(type).size();
	}

}
