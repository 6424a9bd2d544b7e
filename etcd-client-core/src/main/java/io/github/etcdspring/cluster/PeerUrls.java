/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The rules for peer URLs, which etcd's own client checks before it asks.
 */
final class PeerUrls {

	private static final String EXPECTED = " (expected: http://host:port or https://host:port, without a path)";

	private static final Set<String> SOCKETS = Set.of("unix", "unixs");

	private static final Set<String> WEB = Set.of("http", "https");

	private PeerUrls() {
	}

	/** Returns a copy of URLs that keep to the rules. */
	static List<String> checked(List<String> urls) {
		if (urls.isEmpty()) {
			throw new IllegalArgumentException("peer URLs: none" + EXPECTED);
		}
		urls.forEach(PeerUrls::check);
		return List.copyOf(urls);
	}

	private static void check(String url) {
		if (!isPeerUrl(url)) {
			throw new IllegalArgumentException("peer URL: " + withoutUser(url) + EXPECTED);
		}
	}

	private static boolean isPeerUrl(String url) {
		try {
			URI uri = new URI(url);
			String scheme = Objects.requireNonNullElse(uri.getScheme(), "");
			return SOCKETS.contains(scheme) || (WEB.contains(scheme) && isHostAndPortAlone(uri));
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	private static boolean isHostAndPortAlone(URI uri) {
		return uri.getHost() != null && uri.getPort() >= 0 && uri.getUserInfo() == null && uri.getRawPath().isEmpty()
				&& uri.getRawQuery() == null && uri.getRawFragment() == null;
	}

	/** A name and a password do not belong there, nor into a log. */
	private static String withoutUser(String url) {
		return url.replaceFirst("//[^/]*@", "//***@");
	}

}
