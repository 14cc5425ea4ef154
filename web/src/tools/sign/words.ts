import { addWords } from '@/words/late'
import sign from '@/words/zh-CN/sign'

addWords({ sign })
