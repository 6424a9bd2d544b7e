/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.stm.IsolationLevel;
import io.github.etcdspring.stm.Stm;
import io.github.etcdspring.stm.StmOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sixteen workers move money among accounts, and others add them up, while members die
 * and stall (P1).
 */
class StmFaultRunIntegrationTests {

	private static final int ACCOUNTS = 12;

	private static final int WORKERS = 16;

	private static final int AUDITORS = 2;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	@AutoClose
	private final EtcdClient observer = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient first = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(3));

	@AutoClose
	private final EtcdClient second = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(3));

	private final Bank bank = new Bank(this.observer, KeySpace.unique(), ACCOUNTS);

	@AutoClose
	private final Workers workers = new Workers();

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void movesEveryAmountOnceWhileMembersDieAndStall(long seed) throws InterruptedException {
		Faults faults = new Faults(etcd.cluster(), EnumSet.allOf(Faults.Kind.class), seed);

		List<Stm> stms = List.of(Stm.of(this.first), Stm.of(this.second));
		for (int i = 0; i < WORKERS; i++) {
			Random random = new Random(seed + i);
			Stm stm = stms.get(i % stms.size());
			this.workers.start("worker " + i, () -> transfer(stm, random));
		}
		IntStream.range(0, AUDITORS)
			.forEach((i) -> this.workers.start("auditor " + i, () -> this.bank.audit(stms.get(i))));
		faults.run(RunSettings.duration(20), this::isEnough);
		this.workers.stop();

		System.out.printf("stm fault run: %s; %s%n", faults, this.bank);
		assertThat(this.bank.objections()).isEmpty();
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(isEnough()).isTrue();
	}

	private boolean isEnough() {
		return this.bank.acknowledged() >= 500 && this.bank.audits() >= 5 && this.bank.sums() >= 100
				&& this.bank.conflicts() >= 100 && this.bank.unknown() > 0;
	}

	private void transfer(Stm stm, Random random) {
		int from = random.nextInt(ACCOUNTS);
		int to = (from + random.nextInt(1, ACCOUNTS)) % ACCOUNTS;
		this.bank.transfer(stm, from, to, random.nextInt(1, 10), () -> {
		});
	}

	/** The control: the comparing of what was read is what makes the run above pass. */
	@Test
	void losesMoneyWhenCommittedWhateverOthersWrite() {
		Stm careless = Stm.of(this.first, StmOptions.defaults().withIsolation(IsolationLevel.READ_COMMITTED));
		Stm careful = Stm.of(this.second);

		this.bank.transfer(careless, 0, 1, 5, () -> this.bank.transfer(careful, 0, 2, 7, () -> {
		}));
		this.bank.audit(careful);

		assertThat(this.bank.acknowledged()).isEqualTo(2);
		assertThat(this.bank.objections()).containsExactly("a transaction saw a sum of 12007",
				"the last read saw a sum of 12007", "account 0 holds 995, but its slips make 988");
	}

}
