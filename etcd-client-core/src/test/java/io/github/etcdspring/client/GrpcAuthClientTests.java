/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.auth.AuthClient;
import io.github.etcdspring.auth.AuthStatus;
import io.github.etcdspring.auth.Permission;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.AuthGrpc;
import io.github.etcdspring.internal.proto.AuthProto;
import io.github.etcdspring.internal.proto.AuthTypesProto;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of {@link GrpcAuthClient}.
 */
class GrpcAuthClientTests {

	private static final KeyRange RANGE = KeyRange.prefix("/app/");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final ScriptedEtcd member = this.cluster.member();

	private final AuthClient client = this.cluster.client(this.member).auth();

	static Stream<Arguments> changes() {
		return Stream.of(
				call(AuthGrpc.getAuthEnableMethod(), AuthProto.AuthEnableRequest.getDefaultInstance(),
						AuthClient::enable, AuthClient::enableAsync),
				call(AuthGrpc.getAuthDisableMethod(), AuthProto.AuthDisableRequest.getDefaultInstance(),
						AuthClient::disable, AuthClient::disableAsync),
				call(AuthGrpc.getAuthStatusMethod(), AuthProto.AuthStatusRequest.getDefaultInstance(),
						AuthClient::status, AuthClient::statusAsync),
				call(AuthGrpc.getUserAddMethod(),
						AuthProto.AuthUserAddRequest.newBuilder().setName("u").setPassword("S3CR3T").build(),
						(client) -> client.addUser("u", "S3CR3T"), (client) -> client.addUserAsync("u", "S3CR3T")),
				call(AuthGrpc.getUserAddMethod(),
						AuthProto.AuthUserAddRequest.newBuilder()
							.setName("u")
							.setOptions(AuthTypesProto.UserAddOptions.newBuilder().setNoPassword(true))
							.build(),
						(client) -> client.addUserWithoutPassword("u"),
						(client) -> client.addUserWithoutPasswordAsync("u")),
				call(AuthGrpc.getUserDeleteMethod(), AuthProto.AuthUserDeleteRequest.newBuilder().setName("u").build(),
						(client) -> client.deleteUser("u"), (client) -> client.deleteUserAsync("u")),
				call(AuthGrpc.getUserChangePasswordMethod(),
						AuthProto.AuthUserChangePasswordRequest.newBuilder().setName("u").setPassword("S3CR3T").build(),
						(client) -> client.changePassword("u", "S3CR3T"),
						(client) -> client.changePasswordAsync("u", "S3CR3T")),
				call(AuthGrpc.getUserGrantRoleMethod(),
						AuthProto.AuthUserGrantRoleRequest.newBuilder().setUser("u").setRole("r").build(),
						(client) -> client.grantRole("u", "r"), (client) -> client.grantRoleAsync("u", "r")),
				call(AuthGrpc.getUserRevokeRoleMethod(),
						AuthProto.AuthUserRevokeRoleRequest.newBuilder().setName("u").setRole("r").build(),
						(client) -> client.revokeRole("u", "r"), (client) -> client.revokeRoleAsync("u", "r")),
				call(AuthGrpc.getRoleAddMethod(), AuthProto.AuthRoleAddRequest.newBuilder().setName("r").build(),
						(client) -> client.addRole("r"), (client) -> client.addRoleAsync("r")),
				call(AuthGrpc.getRoleDeleteMethod(), AuthProto.AuthRoleDeleteRequest.newBuilder().setRole("r").build(),
						(client) -> client.deleteRole("r"), (client) -> client.deleteRoleAsync("r")),
				call(AuthGrpc.getRoleGrantPermissionMethod(),
						AuthProto.AuthRoleGrantPermissionRequest.newBuilder()
							.setName("r")
							.setPerm(permission(AuthTypesProto.Permission.Type.WRITE, "/app/", "/app0"))
							.build(),
						(client) -> client.grantPermission("r", Permission.write(RANGE)),
						(client) -> client.grantPermissionAsync("r", Permission.write(RANGE))),
				call(AuthGrpc.getRoleRevokePermissionMethod(),
						AuthProto.AuthRoleRevokePermissionRequest.newBuilder()
							.setRole("r")
							.setKey(ByteString.copyFromUtf8("/app/"))
							.setRangeEnd(ByteString.copyFromUtf8("/app0"))
							.build(),
						(client) -> client.revokePermission("r", RANGE),
						(client) -> client.revokePermissionAsync("r", RANGE)));
	}

	static Stream<Arguments> reads() {
		return Stream.of(
				call(AuthGrpc.getUserGetMethod(), AuthProto.AuthUserGetRequest.newBuilder().setName("u").build(),
						(client) -> client.getUser("u"), (client) -> client.getUserAsync("u")),
				call(AuthGrpc.getUserListMethod(), AuthProto.AuthUserListRequest.getDefaultInstance(),
						AuthClient::listUsers, AuthClient::listUsersAsync),
				call(AuthGrpc.getRoleGetMethod(), AuthProto.AuthRoleGetRequest.newBuilder().setRole("r").build(),
						(client) -> client.getRole("r"), (client) -> client.getRoleAsync("r")),
				call(AuthGrpc.getRoleListMethod(), AuthProto.AuthRoleListRequest.getDefaultInstance(),
						AuthClient::listRoles, AuthClient::listRolesAsync));
	}

	static Stream<Arguments> all() {
		return Stream.concat(changes(), reads());
	}

	private static Arguments call(MethodDescriptor<?, ?> method, Message request, Function<AuthClient, Object> call,
			Function<AuthClient, CompletableFuture<?>> async) {
		return arguments(String.valueOf(method.getBareMethodName()), method, request, call, async);
	}

	private static AuthTypesProto.Permission permission(AuthTypesProto.Permission.Type type, String key, String end) {
		return AuthTypesProto.Permission.newBuilder()
			.setPermType(type)
			.setKey(ByteString.copyFromUtf8(key))
			.setRangeEnd(ByteString.copyFromUtf8(end))
			.build();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("all")
	void sendsTheSameInBothForms(String name, MethodDescriptor<?, ?> method, Message request,
			Function<AuthClient, Object> call, Function<AuthClient, CompletableFuture<?>> async) {
		Object result = call.apply(this.client);
		Object asyncResult = resultOf(async.apply(this.client));

		assertThat(asyncResult).isEqualTo(result);
		assertThat(this.member.unary(method).calls()).hasSize(2)
			.allSatisfy((sent) -> assertThat(sent.request()).isEqualTo(request));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("changes")
	void isSentOnceWhenItMayHaveBeenApplied(String name, MethodDescriptor<?, ?> method, Message request,
			Function<AuthClient, Object> call) {
		this.member.unary(method).otherwiseFail(Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> call.apply(this.client));

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.toString()).doesNotContain("S3CR3T");
		assertThat(this.member.unary(method).count()).isEqualTo(1);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("reads")
	void isSentAgainWhenTheConnectionBreaks(String name, MethodDescriptor<?, ?> method, Message request,
			Function<AuthClient, Object> call) {
		this.member.unary(method).thenFail(Status.UNAVAILABLE).thenFail(Status.UNAVAILABLE);

		assertThat(call.apply(this.client)).isNotNull();
		assertThat(this.member.unary(method).count()).isEqualTo(3);
	}

	@Test
	void tellsWhetherAuthenticationIsOn() {
		this.member.unary(AuthGrpc.getAuthStatusMethod())
			.thenAnswer(AuthProto.AuthStatusResponse.newBuilder().setEnabled(true).setAuthRevision(9).build());

		AuthStatus status = this.client.status();

		assertThat(status.enabled()).isTrue();
		assertThat(status.authRevision()).isEqualTo(9);
	}

	@Test
	void saysThatTheServerIsTooOldToTell() {
		this.member.unary(AuthGrpc.getAuthStatusMethod())
			.otherwiseFail(
					Status.UNIMPLEMENTED.withDescription("unknown method AuthStatus for service etcdserverpb.Auth"));

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> this.client.status());

		assertThat(failure).isInstanceOf(EtcdUnsupportedException.class);
		assertThat(failure.code()).isEqualTo(StatusCode.UNIMPLEMENTED);
		assertThat(failure.isRetryable()).isFalse();
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
	}

	@Test
	void readsEveryKindOfPermission() {
		this.member.unary(AuthGrpc.getRoleGetMethod())
			.thenAnswer(AuthProto.AuthRoleGetResponse.newBuilder()
				.addPerm(permission(AuthTypesProto.Permission.Type.READ, "key", ""))
				.addPerm(permission(AuthTypesProto.Permission.Type.WRITE, "/app/", "/app0"))
				.addPerm(permission(AuthTypesProto.Permission.Type.READWRITE, "z", "\0"))
				.addPerm(permission(AuthTypesProto.Permission.Type.READ, "\0", "\0"))
				.addPerm(permission(AuthTypesProto.Permission.Type.READWRITE, "", "\0"))
				.build());

		assertThat(this.client.getRole("r").permissions()).containsExactly(Permission.read(KeyRange.key("key")),
				Permission.write(KeyRange.prefix("/app/")), Permission.readWrite(KeyRange.from(ByteSequence.of("z"))),
				Permission.read(KeyRange.all()), Permission.readWrite(KeyRange.all()));
	}

	@Test
	void writesEveryKindOfPermission() {
		this.client.grantPermission("r", Permission.read(KeyRange.key("key")));
		this.client.grantPermission("r", Permission.write(KeyRange.from(ByteSequence.of("z"))));
		this.client.grantPermission("r", Permission.readWrite(KeyRange.all()));

		assertThat(this.member.unary(AuthGrpc.getRoleGrantPermissionMethod()).calls())
			.extracting((call) -> call.request().getPerm())
			.containsExactly(permission(AuthTypesProto.Permission.Type.READ, "key", ""),
					permission(AuthTypesProto.Permission.Type.WRITE, "z", "\0"),
					permission(AuthTypesProto.Permission.Type.READWRITE, "\0", "\0"));
	}

	@Test
	void failsOnAKindOfPermissionThatItDoesNotKnow() {
		this.member.unary(AuthGrpc.getRoleGetMethod())
			.thenAnswer(AuthProto.AuthRoleGetResponse.newBuilder()
				.addPerm(AuthTypesProto.Permission.newBuilder()
					.setPermTypeValue(7)
					.setKey(ByteString.copyFromUtf8("key")))
				.build());

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> this.client.getRole("r"));

		assertThat(failure).isInstanceOf(EtcdServerException.class)
			.hasMessageContaining("unknown kind of permission: 7");
	}

	@Test
	void refusesEmptyNamesAndPasswordsBeforeAnythingIsSent() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.addUser("", "S3CR3T"))
			.withMessage("user name is empty (expected: at least one character)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.getUserAsync(""))
			.withMessage("user name is empty (expected: at least one character)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.grantRole("u", ""))
			.withMessage("role name is empty (expected: at least one character)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.addUser("u", ""))
			.withMessage("password of user 'u' is empty (expected: at least one character; for none: "
					+ "addUserWithoutPassword)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.changePassword("u", ""));

		assertThat(this.member.unary(AuthGrpc.getUserAddMethod()).count()).isZero();
	}

	@Test
	void namesTheErrorOfARefusal() {
		this.member.unary(AuthGrpc.getAuthEnableMethod())
			.otherwiseFail(Status.FAILED_PRECONDITION.withDescription("etcdserver: root user does not exist"));

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> this.client.enable());

		assertThat(failure).isInstanceOf(EtcdRequestException.class);
		assertThat(failure.error()).contains(EtcdError.ROOT_USER_NOT_EXIST);
	}

}
