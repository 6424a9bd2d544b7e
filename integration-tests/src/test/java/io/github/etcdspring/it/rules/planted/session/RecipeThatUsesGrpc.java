/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.session;

import io.github.etcdspring.internal.proto.KvProto;
import io.grpc.ManagedChannel;
import org.springframework.util.StringUtils;

/**
 * Breaks {@code recipesUseOnlyTheClientFacade}, {@code generatedCodeIsUsedByClientOnly}
 * and {@code coreDoesNotDependOnSpring}.
 */
final class RecipeThatUsesGrpc {

	boolean isOver(ManagedChannel channel) {
		return channel.isShutdown();
	}

	long limit(KvProto.RangeRequest request) {
		return request.getLimit();
	}

	boolean isText(String value) {
		return StringUtils.hasText(value);
	}

}
