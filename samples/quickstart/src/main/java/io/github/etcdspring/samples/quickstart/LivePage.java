/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells every open page what this instance knows, twice a second.
 */
@RestController
class LivePage {

	private static final int MAX_PAGES = 100;

	private static final Log logger = LogFactory.getLog(LivePage.class);

	private final QuickstartView view;

	private final List<SseEmitter> pages = new CopyOnWriteArrayList<>();

	LivePage(QuickstartView view) {
		this.view = view;
	}

	@GetMapping(path = "/api/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter open() throws IOException {
		if (this.pages.size() >= MAX_PAGES) {
			this.pages.remove(0).complete();
		}
		SseEmitter page = new SseEmitter(0L);
		page.onCompletion(() -> this.pages.remove(page));
		page.onError((failure) -> this.pages.remove(page));
		page.send(this.view.everything());
		this.pages.add(page);
		return page;
	}

	@Scheduled(fixedRate = 500, timeUnit = TimeUnit.MILLISECONDS)
	void tell() {
		if (this.pages.isEmpty()) {
			return;
		}
		QuickstartView.Everything everything = this.view.everything();
		for (SseEmitter page : this.pages) {
			try {
				page.send(everything);
			}
			catch (IOException | IllegalStateException ex) {
				// the page was closed: the container says so too, and it is removed then
				logger.debug("a page is gone", ex);
			}
		}
	}

	/** An open page must not hold up the graceful shutdown. */
	@EventListener
	void onClose(ContextClosedEvent event) {
		this.pages.forEach(SseEmitter::complete);
	}

}
