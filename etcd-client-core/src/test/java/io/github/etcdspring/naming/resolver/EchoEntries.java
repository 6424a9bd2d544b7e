/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import com.google.protobuf.ByteString;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;

import static io.github.etcdspring.fixture.WatchAnswers.keyValue;

/**
 * Entries of a service named {@code echo}.
 */
final class EchoEntries {

	private EchoEntries() {
	}

	static String value(String address) {
		return "{\"Op\":0,\"Addr\":\"" + address + "\",\"Metadata\":null}";
	}

	/** Returns entries named a, b and so on, at revision 100. */
	static RangeResponse page(String... addresses) {
		RangeResponse.Builder page = RangeResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(100));
		char id = 'a';
		for (String address : addresses) {
			page.addKvs(keyValue("echo/" + id++, ByteString.copyFromUtf8(value(address)), 50));
		}
		return page.build();
	}

}
