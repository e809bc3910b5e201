// The stores without a disk pass the shared suites.

import { testApprovalStore } from '../testing/approvals.ts';
import { testObjectStore } from '../testing/objects.ts';
import { testGrantStore, testSecretStore } from '../testing/secrets.ts';
import { testMemoryStore, testPackStore } from '../testing/suites.ts';
import {
  createMemoryApprovalStore,
  createMemoryGrantStore,
  createMemoryMemoryStore,
  createMemoryObjectStore,
  createMemoryPackStore,
  createMemorySecretStore,
} from './index.ts';

testPackStore('memory', createMemoryPackStore);
testMemoryStore('memory', createMemoryMemoryStore);
testObjectStore('memory', createMemoryObjectStore);
testSecretStore('memory', createMemorySecretStore);
testApprovalStore('memory', createMemoryApprovalStore);
testGrantStore('memory', createMemoryGrantStore);
