/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.nio.charset.StandardCharsets;

/**
 * The authority of a channel to a service: its name, with what may not stand in an
 * authority percent-encoded.
 */
final class ServiceAuthority {

	private static final String ALLOWED = "-._~!$&'()*+,;=:";

	private ServiceAuthority() {
	}

	static String of(String service) {
		StringBuilder authority = new StringBuilder();
		for (byte each : service.getBytes(StandardCharsets.UTF_8)) {
			boolean plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z')
					|| (each >= '0' && each <= '9');
			if (plain || ALLOWED.indexOf(each) >= 0) {
				authority.append((char) each);
			}
			else {
				authority.append(String.format("%%%02X", each));
			}
		}
		return authority.toString();
	}

}
