/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

import org.jspecify.annotations.Nullable;

/**
 * Gives each new connection the certificate that the client has at that moment. A
 * handshake asks for an alias, and then for the certificates and the key of that alias;
 * all must come from the same reading of the files, so the alias tells which it was.
 * Thread-safe.
 */
final class ClientIdentity extends X509ExtendedKeyManager {

	/** More readings than handshakes can be between the two questions. */
	private static final int REMEMBERED = 32;

	private final TlsMaterial<X509ExtendedKeyManager> material;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Long, X509ExtendedKeyManager> readings = new LinkedHashMap<>();

	private @Nullable X509ExtendedKeyManager last;

	private long number;

	ClientIdentity(TlsMaterial<X509ExtendedKeyManager> material) {
		this.material = material;
	}

	@Override
	public @Nullable String chooseEngineClientAlias(String[] keyType, Principal @Nullable [] issuers,
			SSLEngine engine) {
		X509ExtendedKeyManager current = this.material.current();
		return aliasOf(current, current.chooseEngineClientAlias(keyType, issuers, engine));
	}

	@Override
	public @Nullable String chooseClientAlias(String[] keyType, Principal @Nullable [] issuers,
			@Nullable Socket socket) {
		X509ExtendedKeyManager current = this.material.current();
		return aliasOf(current, current.chooseClientAlias(keyType, issuers, socket));
	}

	private @Nullable String aliasOf(X509ExtendedKeyManager reading, @Nullable String alias) {
		if (alias == null) {
			return null;
		}
		this.lock.lock();
		try {
			if (this.last != reading) {
				this.last = reading;
				this.readings.put(++this.number, reading);
				forgetOldest();
			}
			return this.number + ":" + alias;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void forgetOldest() {
		if (this.readings.size() > REMEMBERED) {
			Iterator<Long> oldest = this.readings.keySet().iterator();
			oldest.next();
			oldest.remove();
		}
	}

	@Override
	public X509Certificate @Nullable [] getCertificateChain(String alias) {
		X509ExtendedKeyManager reading = readingOf(alias);
		return (reading != null) ? reading.getCertificateChain(withoutNumber(alias)) : null;
	}

	@Override
	public @Nullable PrivateKey getPrivateKey(String alias) {
		X509ExtendedKeyManager reading = readingOf(alias);
		return (reading != null) ? reading.getPrivateKey(withoutNumber(alias)) : null;
	}

	private @Nullable X509ExtendedKeyManager readingOf(String alias) {
		this.lock.lock();
		try {
			return this.readings.get(Long.valueOf(alias.substring(0, alias.indexOf(':'))));
		}
		finally {
			this.lock.unlock();
		}
	}

	private static String withoutNumber(String alias) {
		return alias.substring(alias.indexOf(':') + 1);
	}

	/** Only who chooses by hand asks; a handshake has it chosen. */
	@Override
	public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
		return null;
	}

	/** A client is no server. */
	@Override
	public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
		return null;
	}

	/** A client is no server. */
	@Override
	public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
		return null;
	}

}
