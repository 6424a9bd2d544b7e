/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.Txn;

/**
 * The snippets of {@code docs/client/errors.md}.
 */
final class ErrorsGuide {

	private ErrorsGuide() {
	}

	static boolean grant(EtcdClient client, LeaseId lease) {
		try {
			client.lease().grant(lease, Duration.ofMinutes(1));
			return true;
		}
		catch (EtcdRequestException ex) {
			if (ex.error().filter(EtcdError.LEASE_EXISTS::equals).isEmpty()) {
				throw ex;
			}
			return false;
		}
	}

	static String put(EtcdClient client, String key, String value) {
		try {
			return "written at " + client.kv().put(key, value).revision();
		}
		catch (EtcdException ex) {
			return (ex.outcome() == Outcome.NOT_APPLIED) ? "not written" : "perhaps written";
		}
	}

	static void add(EtcdClient client, String orderId, String order) {
		ByteSequence key = ByteSequence.of("orders/" + orderId);
		Txn add = client.kv().txn().when(Compare.absent(key)).then(PutRequest.of(key, ByteSequence.of(order)));
		for (int attempt = 1;; attempt++) {
			try {
				add.commit();
				return;
			}
			catch (EtcdException ex) {
				if (attempt == 3 || !ex.isRetryable()) {
					throw ex;
				}
			}
		}
	}

	static void makeSpace(EtcdClient client, KeyRange rubbish, List<String> endpoints) {
		long revision = client.kv().delete(DeleteRequest.of(rubbish)).revision();
		client.kv().compact(CompactRequest.of(revision).withPhysical());
		for (String endpoint : endpoints) {
			client.maintenance().defragment(endpoint);
		}
		client.maintenance().disarmAll();
	}

}
