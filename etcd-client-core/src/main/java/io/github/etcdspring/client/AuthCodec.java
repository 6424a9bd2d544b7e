/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.auth.Permission;
import io.github.etcdspring.internal.proto.AuthProto;
import io.github.etcdspring.internal.proto.AuthTypesProto;

/**
 * Translates the Auth contract to etcd's messages and back.
 */
final class AuthCodec {

	private AuthCodec() {
	}

	static AuthProto.AuthUserAddRequest addUser(String user, String password) {
		return AuthProto.AuthUserAddRequest.newBuilder()
			.setName(name(user, "user"))
			.setPassword(password(user, password))
			.build();
	}

	static AuthProto.AuthUserAddRequest addUserWithoutPassword(String user) {
		return AuthProto.AuthUserAddRequest.newBuilder()
			.setName(name(user, "user"))
			.setOptions(AuthTypesProto.UserAddOptions.newBuilder().setNoPassword(true))
			.build();
	}

	static AuthProto.AuthUserGetRequest getUser(String user) {
		return AuthProto.AuthUserGetRequest.newBuilder().setName(name(user, "user")).build();
	}

	static AuthProto.AuthUserDeleteRequest deleteUser(String user) {
		return AuthProto.AuthUserDeleteRequest.newBuilder().setName(name(user, "user")).build();
	}

	static AuthProto.AuthUserChangePasswordRequest changePassword(String user, String password) {
		return AuthProto.AuthUserChangePasswordRequest.newBuilder()
			.setName(name(user, "user"))
			.setPassword(password(user, password))
			.build();
	}

	static AuthProto.AuthUserGrantRoleRequest grantRole(String user, String role) {
		return AuthProto.AuthUserGrantRoleRequest.newBuilder()
			.setUser(name(user, "user"))
			.setRole(name(role, "role"))
			.build();
	}

	static AuthProto.AuthUserRevokeRoleRequest revokeRole(String user, String role) {
		return AuthProto.AuthUserRevokeRoleRequest.newBuilder()
			.setName(name(user, "user"))
			.setRole(name(role, "role"))
			.build();
	}

	static AuthProto.AuthRoleAddRequest addRole(String role) {
		return AuthProto.AuthRoleAddRequest.newBuilder().setName(name(role, "role")).build();
	}

	static AuthProto.AuthRoleGetRequest getRole(String role) {
		return AuthProto.AuthRoleGetRequest.newBuilder().setRole(name(role, "role")).build();
	}

	static AuthProto.AuthRoleDeleteRequest deleteRole(String role) {
		return AuthProto.AuthRoleDeleteRequest.newBuilder().setRole(name(role, "role")).build();
	}

	static AuthProto.AuthRoleGrantPermissionRequest grantPermission(String role, Permission permission) {
		return AuthProto.AuthRoleGrantPermissionRequest.newBuilder()
			.setName(name(role, "role"))
			.setPerm(toProto(permission))
			.build();
	}

	static AuthProto.AuthRoleRevokePermissionRequest revokePermission(String role, KeyRange range) {
		return AuthProto.AuthRoleRevokePermissionRequest.newBuilder()
			.setRole(name(role, "role"))
			.setKey(KvCodec.bytes(range.start()))
			.setRangeEnd(KvCodec.rangeEnd(range))
			.build();
	}

	static Permission fromProto(AuthTypesProto.Permission permission) {
		Permission.Access access = switch (permission.getPermType()) {
			case READ -> Permission.Access.READ;
			case WRITE -> Permission.Access.WRITE;
			case READWRITE -> Permission.Access.READWRITE;
			case UNRECOGNIZED ->
				throw new IllegalStateException("unknown kind of permission: " + permission.getPermTypeValue());
		};
		return new Permission(access, range(permission.getKey(), permission.getRangeEnd()));
	}

	/** The reverse of {@link KvCodec#rangeEnd}. */
	private static KeyRange range(ByteString key, ByteString end) {
		ByteSequence start = KvCodec.sequence(key);
		if (end.isEmpty()) {
			return KeyRange.key(start);
		}
		return end.equals(KvCodec.UNBOUNDED) ? KeyRange.from(start) : KeyRange.between(start, KvCodec.sequence(end));
	}

	private static AuthTypesProto.Permission toProto(Permission permission) {
		return AuthTypesProto.Permission.newBuilder()
			.setPermType(AuthTypesProto.Permission.Type.valueOf(permission.access().name()))
			.setKey(KvCodec.bytes(permission.range().start()))
			.setRangeEnd(KvCodec.rangeEnd(permission.range()))
			.build();
	}

	/** An empty user name is what etcd answers when a token is missing. */
	private static String name(String name, String kind) {
		if (name.isEmpty()) {
			throw new IllegalArgumentException(kind + " name is empty (expected: at least one character)");
		}
		return name;
	}

	private static String password(String user, String password) {
		if (password.isEmpty()) {
			throw new IllegalArgumentException("password of user '" + user
					+ "' is empty (expected: at least one character; for none: addUserWithoutPassword)");
		}
		return password;
	}

}
