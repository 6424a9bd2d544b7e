/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.grpc.Attributes;
import io.grpc.ClientTransportFilter;
import io.grpc.Grpc;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLSession;

/**
 * Lets no connection resume the TLS session of another. A resumed one shows no
 * certificate and looks at none: the client would go on under the certificate it had, and
 * trust a server that it no longer may. What a server sends to resume with comes before
 * its first frame, as a rule, and before the end of the connection in any case.
 */
final class FreshHandshakes extends ClientTransportFilter {

	@Override
	public Attributes transportReady(Attributes attributes) {
		invalidate(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
		return attributes;
	}

	@Override
	public void transportTerminated(Attributes attributes) {
		invalidate(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
	}

	private static void invalidate(@Nullable SSLSession session) {
		if (session != null) {
			session.invalidate();
		}
	}

}
