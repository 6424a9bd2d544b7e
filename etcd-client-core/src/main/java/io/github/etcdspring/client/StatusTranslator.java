/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.StatusCode;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Reads gRPC statuses and etcd's messages: the one place that does.
 */
final class StatusTranslator {

	/** How a refused watch carries the status of its refusal. */
	private static final Pattern PRINTED_STATUS = Pattern.compile("rpc error: code = (\\w+) desc = (.*)",
			Pattern.DOTALL);

	/** How statuses begin that grpc-java gives calls it could not send. */
	private static final List<String> UNSENT = List.of("channel closed", "Network closed", "Connection closed",
			"GOAWAY shut down transport", "GOAWAY closed buffered stream", "Abrupt GOAWAY closed unsent stream",
			"Subchannel shutdown", "InternalSubchannel closed transport");

	private StatusTranslator() {
	}

	/**
	 * Reads how a call ended.
	 * @param byMember whether a member is known to have sent the status, rather than this
	 * side of the connection to have made it up
	 */
	static CallFailure read(Status status, boolean byMember) {
		String description = status.getDescription();
		String message = Objects.requireNonNullElse(description, "no message");
		Optional<EtcdError> known = EtcdError.ofMessage(message);
		if (known.isPresent()) {
			return failure(known.get(), message, status.getCause());
		}
		StatusCode code = codeOf(status);
		FailureKind kind = (!byMember && isRefusedStream(message)) ? FailureKind.NOT_EXECUTED
				: kindOf(status, code, message);
		return new CallFailure(kind, code, message, byMember ? description : null, status.getCause());
	}

	/**
	 * Reads why the server ended or refused a watch.
	 * @param reason the text in the stream: a bare message, or a printed gRPC status
	 */
	static CallFailure readCancelReason(String reason) {
		if (reason.isEmpty()) {
			return new CallFailure(FailureKind.REFUSED, StatusCode.FAILED_PRECONDITION, "no reason given", null);
		}
		Matcher printed = PRINTED_STATUS.matcher(reason);
		if (printed.matches()) {
			return read(printedCode(printed.group(1)).toStatus().withDescription(printed.group(2)), true);
		}
		return EtcdError.ofMessage(reason)
			.map((known) -> failure(known, reason, null))
			.orElseGet(
					() -> new CallFailure(FailureKind.REFUSED, StatusCode.FAILED_PRECONDITION, reason, reason, null));
	}

	/** Returns the code that Go prints, such as {@code PermissionDenied}. */
	private static Status.Code printedCode(String name) {
		for (Status.Code code : Status.Code.values()) {
			String plain = code.name().replace("_", "");
			if (plain.equalsIgnoreCase(name) || (code == Status.Code.CANCELLED && name.equals("Canceled"))) {
				return code;
			}
		}
		return Status.Code.UNKNOWN;
	}

	/**
	 * Reads why a connection could not be made.
	 * @param status how a call ended that did not wait for one
	 */
	static CallFailure readUnreached(Status status) {
		String reason = Objects.requireNonNullElse(status.getDescription(), "no message");
		if (reason.startsWith("Network closed")) {
			reason = "closed by the other side, as by one that expects https";
		}
		String causes = "";
		for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
			String message = Objects.requireNonNullElse(cause.getMessage(), "");
			// most exceptions repeat what caused them
			if (!causes.contains(message)) {
				causes += (causes.isEmpty() ? "" : ": ") + message;
			}
		}
		// what follows the first line is how grpc-java is built
		String sentence = (causes.isEmpty() ? reason : causes).lines().findFirst().orElse(reason);
		return new CallFailure(FailureKind.UNAVAILABLE, StatusCode.UNAVAILABLE, sentence, status.getCause());
	}

	private static CallFailure failure(EtcdError error, String message, @Nullable Throwable cause) {
		return new CallFailure(FailureKind.of(error), error.code(), message, message, cause);
	}

	static boolean isOk(Status status) {
		return status.isOk();
	}

	static boolean isCancelled(Status status) {
		return status.getCode() == Status.Code.CANCELLED;
	}

	/** Returns what was wrong with an answer, if that ended the call. */
	static @Nullable SenselessAnswerException senseless(Status status) {
		return (status.getCause() instanceof SenselessAnswerException senseless) ? senseless : null;
	}

	private static StatusCode codeOf(Status status) {
		return status.isOk() ? StatusCode.UNAVAILABLE : StatusCode.valueOf(status.getCode().name());
	}

	private static FailureKind kindOf(Status status, StatusCode code, String message) {
		return switch (code) {
			case UNAVAILABLE, ABORTED, CANCELLED -> FailureKind.UNAVAILABLE;
			case DEADLINE_EXCEEDED -> FailureKind.DEADLINE;
			case PERMISSION_DENIED -> FailureKind.PERMISSION;
			case UNAUTHENTICATED -> FailureKind.CREDENTIALS;
			case RESOURCE_EXHAUSTED -> exhaustedKindOf(message);
			case UNKNOWN, INTERNAL ->
				isTransport(status.getCause(), message) ? FailureKind.UNAVAILABLE : FailureKind.SERVER;
			case DATA_LOSS -> FailureKind.SERVER;
			case UNIMPLEMENTED -> FailureKind.UNSUPPORTED;
			case INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, OUT_OF_RANGE -> FailureKind.REFUSED;
		};
	}

	/**
	 * One code for three things: the server's limits, this client's own limit on answers,
	 * and a server that asks for fewer frames.
	 */
	private static FailureKind exhaustedKindOf(String message) {
		if (message.startsWith("gRPC message exceeds maximum size")) {
			return FailureKind.ANSWER_TOO_LARGE;
		}
		return message.contains("Bandwidth exhausted") ? FailureKind.UNAVAILABLE : FailureKind.REFUSED;
	}

	/**
	 * Whether a member that shuts down, or has too much to do, has said on the connection
	 * that it did not look at the call. What else ends a stream may have come later.
	 */
	private static boolean isRefusedStream(String message) {
		return message.startsWith("Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR")
				|| message.startsWith("RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM");
	}

	/**
	 * Whether a call of which nothing was seen to leave has not left, and never will: its
	 * connection was gone, or told to take no more, before. A call that was given up here
	 * may still wait in a buffer to be sent, and so may one whose connection is given up
	 * since the member does not answer pings.
	 */
	static boolean isUnsent(Status status) {
		String message = Objects.requireNonNullElse(status.getDescription(), "");
		return status.getCause() instanceof IOException || UNSENT.stream().anyMatch(message::startsWith);
	}

	/** Whether the connection broke, which grpc-java does not always call unavailable. */
	private static boolean isTransport(@Nullable Throwable cause, String message) {
		return cause instanceof IOException || message.startsWith("channel closed") || message.contains("RST_STREAM")
				|| message.contains("Rst Stream") || message.contains("GOAWAY") || message.startsWith("Network closed")
				|| message.startsWith("http2 exception");
	}

}
