/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.util.List;
import java.util.Map;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The application's API.
 */
@RestController
@RequestMapping("/api")
class QuickstartController {

	private final QuickstartView view;

	private final Counter counter;

	QuickstartController(QuickstartView view, Counter counter) {
		this.view = view;
		this.counter = counter;
	}

	@GetMapping("/greeting")
	Map<String, String> greeting() {
		return Map.of("greeting", this.view.greeting());
	}

	@GetMapping("/instances")
	List<QuickstartView.Instance> instances() {
		return this.view.instances();
	}

	@GetMapping("/leader")
	QuickstartView.LeaderState leader() {
		return this.view.leader();
	}

	@PostMapping("/counter")
	Map<String, Long> counter() throws InterruptedException {
		return Map.of("counter", this.counter.increment());
	}

}
