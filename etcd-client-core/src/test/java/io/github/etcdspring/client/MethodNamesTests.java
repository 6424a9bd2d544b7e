/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.stream.Stream;

import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.internal.proto.LeaseGrpc;
import io.github.etcdspring.internal.proto.WatchGrpc;
import io.grpc.MethodDescriptor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the methods that are not made from the generated ones: they are called the
 * same.
 */
class MethodNamesTests {

	static Stream<Arguments> methods() {
		return Stream.of(Arguments.of(KvMethods.RANGE, KVGrpc.getRangeMethod()),
				Arguments.of(KvMethods.PUT, KVGrpc.getPutMethod()),
				Arguments.of(KvMethods.DELETE, KVGrpc.getDeleteRangeMethod()),
				Arguments.of(KvMethods.TXN, KVGrpc.getTxnMethod()),
				Arguments.of(KvMethods.RANGE_STREAM, KVGrpc.getRangeStreamMethod()),
				Arguments.of(LeaseAnswer.GRANT, LeaseGrpc.getLeaseGrantMethod()),
				Arguments.of(LeaseAnswer.KEEP_ALIVE, LeaseGrpc.getLeaseKeepAliveMethod()),
				Arguments.of(WatchAnswer.METHOD, WatchGrpc.getWatchMethod()));
	}

	@ParameterizedTest
	@MethodSource("methods")
	void areThoseOfEtcd(MethodDescriptor<?, ?> ours, MethodDescriptor<?, ?> generated) {
		assertThat(ours.getFullMethodName()).isEqualTo(generated.getFullMethodName());
		assertThat(ours.getType()).isEqualTo(generated.getType());
	}

}
