/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.PutRequest;
import io.grpc.Drainable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link RequestMarshaller}.
 */
class RequestMarshallerTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 121, 122, 123, 4_096, 100_000, 5_000_000 })
	void drainsAsManyBytesAsItNames(int size) throws IOException {
		InputStream request = request(size);
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		int named = request.available();

		int drained = ((Drainable) request).drainTo(target);

		assertThat(drained).isEqualTo(named);
		assertThat(target.toByteArray()).isEqualTo(message(size));
		assertThat(request.available()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 100_000 })
	void canBeReadInstead(int size) throws IOException {
		assertThat(request(size).readAllBytes()).isEqualTo(message(size));
	}

	@Test
	void drainsTheRestOfWhatWasReadInPart() throws IOException {
		InputStream request = request(500);
		ByteArrayOutputStream target = new ByteArrayOutputStream();
		target.write(request.read());
		target.write(request.readNBytes(9));
		int left = request.available();

		assertThat(((Drainable) request).drainTo(target)).isEqualTo(left);

		assertThat(target.toByteArray()).isEqualTo(message(500));
	}

	@Test
	void isEmptyOnceItIsDrained() throws IOException {
		InputStream request = request(500);
		((Drainable) request).drainTo(new ByteArrayOutputStream());

		assertThat(request.read()).isEqualTo(-1);
		assertThat(((Drainable) request).drainTo(new ByteArrayOutputStream())).isZero();
	}

	@Test
	void writesNumbersOfEveryLengthAsProtobufDoes() throws IOException {
		for (int bits = 1; bits <= Long.SIZE; bits++) {
			long number = -1L >>> (Long.SIZE - bits);
			PutRequest put = PutRequest.of("key", "value").withLease(new LeaseId(number));

			InputStream request = RequestMarshaller.INSTANCE.stream(KvRequests.of(Namespace.NONE, put));

			assertThat(request.readAllBytes()).isEqualTo(KvProto.PutRequest.newBuilder()
				.setKey(ByteString.copyFromUtf8("key"))
				.setValue(ByteString.copyFromUtf8("value"))
				.setLease(number)
				.build()
				.toByteArray());
		}
	}

	private static InputStream request(int size) {
		PutRequest put = PutRequest.of(ByteSequence.of("key"), ByteSequence.of("v".repeat(size)));
		return RequestMarshaller.INSTANCE.stream(KvRequests.of(Namespace.NONE, put));
	}

	private static byte[] message(int size) {
		return KvProto.PutRequest.newBuilder()
			.setKey(ByteString.copyFromUtf8("key"))
			.setValue(ByteString.copyFromUtf8("v".repeat(size)))
			.build()
			.toByteArray();
	}

}
